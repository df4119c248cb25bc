"""What a page needs that is open to many people: a check for balancers, log lines, and replicas that share the work."""

from starlette.middleware import Middleware
from starlette.routing import Route

from views.hosting.health import answer
from views.hosting.logs import LogRequests, log_lines
from views.hosting.replicas import NameReplica
from views.hosting.sessions import allow_many_files, forget_left_sessions

ROUTES = [Route("/healthz", answer)]
MIDDLEWARE = [Middleware(LogRequests), Middleware(NameReplica)]

__all__ = ["MIDDLEWARE", "ROUTES", "allow_many_files", "forget_left_sessions", "log_lines"]
