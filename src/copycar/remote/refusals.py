"""What object storage refuses, in words that say what to do. Knows nothing of stores."""

import errno
import re

from copycar.core.errors import CopycarError

LONGEST = 200
"""Letters of a reason: obstore's own texts end with a page of its internals."""

AGAIN = "check the network, then run the same command again: what has arrived is not sent again"
LOG_IN = "log in with the cloud's own tool: gcloud auth application-default login, aws configure, az login"

_NO_BUCKET = ("NoSuchBucket", "bucket does not exist", "ContainerNotFound")
_WRONG_CREDENTIALS = (
    *("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "Unauthenticated"),
    *("AuthenticationFailed", "AuthorizationFailure", "Invalid Access Key", "status code: 401"),
)
_KNOWN = (
    (_NO_BUCKET, "there is no such bucket", "make the bucket first, or correct its name"),
    (_WRONG_CREDENTIALS, "the credentials are wrong or have expired", LOG_IN),
    (
        ("Account must be specified",),
        "nothing says whose storage account it is in",
        "name the account as Azure's own tools do: export AZURE_STORAGE_ACCOUNT=NAME",
    ),
    (
        ("AccessDenied", "status code: 403", "PermissionDenied", "Permission denied"),
        "you may not do this here",
        "ask its owner for the right to list, read and write in it",
    ),
    (
        ("169.254.169.254", "metadata.google.internal", "No credentials", "MissingCredentials"),
        "no credentials were found",
        LOG_IN,
    ),
    (
        ("without LOCATION", "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraint"),
        "the region is not the bucket's",
        "set it as the cloud's own tools do: AWS_REGION=eu-central-1",
    ),
    (("No space left", "StorageFull", "Disk quota"), "the disk is full", "make room, then run the same command again"),
    (("error sending request", "timed out", "Connection", "dns error"), "the server cannot be reached", AGAIN),
)
"""Words of a refusal, what they mean, what to do."""


def explained(error: Exception, url: str) -> CopycarError:
    """Return what `error` means for whoever asked for `url`."""
    text = str(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        text = "No space left"
    for words, why, fix in _KNOWN:
        if any(word in text for word in words):
            return CopycarError(f"{url} cannot be used: {why}", _reason(text), fix)
    if isinstance(error, FileNotFoundError):
        return CopycarError(f"there is no {url}", fix="see what is there: copycar remote list URL")
    return CopycarError(f"{url} cannot be used", _reason(text), AGAIN)


def is_missing_bucket(error: FileNotFoundError) -> bool:
    """Return whether it is the bucket itself that was not found, and not only something in it."""
    return any(word in str(error) for word in _NO_BUCKET)


def _reason(text: str) -> str:
    """Return the server's own words where it answered; clouds wrap them alike in XML."""
    told = re.search(r"<Code>(.*?)</Code>\s*<Message>(.*?)(\n|</Message>)", text, flags=re.DOTALL)
    line = f"{told[1]}: {told[2]}" if told else " ".join(text.partition("Debug source")[0].split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
