"""Which HTTP status each refusal has: whose fault it is, and whether it is worth while to ask again."""

from collections.abc import Mapping
from http import HTTPStatus

from casewright import errors
from casewright.errors import CasewrightError

_REFUSED = (
    errors.AssignmentRefused,
    errors.BackupRefused,
    errors.CalendarRefused,
    errors.CheckpointRefused,
    errors.CommandRefused,
    errors.ConfigRefused,
    errors.DurationRefused,
    errors.ExtensionRefused,
    errors.FieldRefused,
    errors.FileUnreadable,
    errors.FormRefused,
    errors.IdentityUnchecked,
    errors.LogMapRefused,
    errors.LogRefused,
    errors.NobodyLeft,
    errors.NothingChanges,
    errors.NoticeRefused,
    errors.PluginMissing,
    errors.PluginRefused,
    errors.ProblemsFound,
    errors.PublicationRefused,
    errors.RehearsalRefused,
    errors.SimulationRefused,
    errors.ReportRefused,
    errors.SecretMissing,
    errors.TableRefused,
    errors.TicketRefused,
    errors.TransitionRefused,
    errors.UsageRefused,
    errors.VoteRefused,
    errors.WorkspaceRefused,
    errors.YamlRefused,
)
"""Understood, and refused as things stand: it is said why."""
STATUS: Mapping[type[CasewrightError], HTTPStatus] = {
    errors.JsonRefused: HTTPStatus.BAD_REQUEST,
    errors.WireRefused: HTTPStatus.BAD_REQUEST,
    errors.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    errors.SignInRefused: HTTPStatus.UNAUTHORIZED,
    errors.SecondFactorNeeded: HTTPStatus.UNAUTHORIZED,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.AuthorityLacking: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.CommandReused: HTTPStatus.CONFLICT,
    errors.WorkerBusy: HTTPStatus.CONFLICT,
    errors.MoveRefused: HTTPStatus.CONFLICT,
    errors.WorkspaceInUse: HTTPStatus.CONFLICT,
    errors.WorkspaceOwned: HTTPStatus.CONFLICT,
    **dict.fromkeys(_REFUSED, HTTPStatus.UNPROCESSABLE_ENTITY),
    errors.PluginFailed: HTTPStatus.BAD_GATEWAY,
    errors.AccessUnrecorded: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.DatabaseBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.SignInBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.DatabaseMissing: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.DatabaseOutdated: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.DatabaseUnusable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.OutputLost: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ServerUnreachable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.WorkspaceNotFound: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.DatabaseDamaged: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.AnswerTooLate: HTTPStatus.GATEWAY_TIMEOUT,
}
"""The status of each of the core's refusals, `ServerRefused` aside, which says its own."""


def status_of(error: CasewrightError) -> int:
    """Return the status of a refusal; a plugin's own has 422."""
    if isinstance(error, errors.ServerRefused):
        return error.status
    for kind in type(error).__mro__:
        if kind in STATUS:
            return int(STATUS[kind])
    return int(HTTPStatus.UNPROCESSABLE_ENTITY)
