"""All that is wrong with the files of a workspace, whoever asks: the command line, or the desk."""

from collections.abc import Sequence
from pathlib import Path

from casewright.customers.file import problems_in
from casewright.delivery.template_files import FOLDER, load_templates
from casewright.desk.intake.naming import intake_problems
from casewright.errors import Problem
from casewright.workflows.check import check_paths, syntax_first, workflow_files
from casewright.workflows.surroundings import files_beside, read_surroundings, root_of


def file_problems(paths: Sequence[Path]) -> list[Problem]:
    """Return what is wrong with workflow files and what stands beside them that `publish` takes over as well; slips of YAML first."""
    beside = [path for path in paths if path in files_beside(path.parent)]
    workflows = [path for path in paths if path not in beside]
    problems = check_paths(workflows)
    files = (file for path in workflows for file in workflow_files(path))
    for root in dict.fromkeys(root_of(file) for file in files):
        problems += load_templates(root / FOLDER)[1]
        problems += [*problems_in(root), *intake_problems(root)]
    for file in beside:
        found = [
            *read_surroundings(file.parent)[1],
            *problems_in(file.parent),
            *intake_problems(file.parent),
        ]
        problems += [one for one in found if Path(one.place.file).name == file.name]
    return syntax_first(problems)
