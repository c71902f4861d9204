"""For tests of casewright and of what extends it: a desk in a folder, and the contract that every store keeps."""
