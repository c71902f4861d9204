// Gives the keyboard to the terminal as soon as there is one: nobody has to reach for the mouse.
window.addEventListener("load", () => {
  const give = () => {
    const keys = document.querySelector(".xterm-helper-textarea");
    if (keys) keys.focus();
    else window.requestAnimationFrame(give);
  };
  give();
});
