"""The HTTP side: routes and status codes of one model's API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Route

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.serving import canary, drain, handover, passing
from mlops_runtime.serving.access import AccessLog, BodyTooLarge, BodyTooSlow, read_body
from mlops_runtime.serving.batching import Answer, Batcher
from mlops_runtime.serving.documented import failures, refused_before
from mlops_runtime.serving.requests import (
    PredictRequest,
    PredictResponse,
    Problem,
    problems,
    request_type,
    values_of,
)
from mlops_runtime.serving.service import MissingFeatures, NotReady, PredictionService

POLL_SECONDS = 5.0


class Predictions:
    """The service together with the threads that its blocking calls run in."""

    def __init__(self, service: PredictionService) -> None:
        self.service = service
        self.request_type = request_type(service.contract)
        self.batcher = Batcher(service.predict)

    async def answer(self, request_id: str, body: PredictRequest) -> PredictResponse:
        self.service.champion()  # fails at once if there is none
        waiting = self.batcher.submit(request_id, [values_of(instance) for instance in body.instances])
        answer = await asyncio.wait_for(waiting, self.service.endpoint.timeout_seconds)
        return self._response(request_id, answer)

    async def golden(self, request_id: str) -> PredictResponse:
        working = asyncio.to_thread(self.service.golden)
        answer = await asyncio.wait_for(working, self.service.endpoint.timeout_seconds)
        return self._response(request_id, answer)

    def _response(self, request_id: str, answer: Answer) -> PredictResponse:
        return PredictResponse(
            model_name=self.service.contract.model,
            model_version=answer.model_version,
            request_id=request_id,
            predictions=answer.predictions,
            missing_features=answer.missing_features,
        )

    async def watch(self, every: float) -> None:
        while True:
            await asyncio.to_thread(self.service.refresh)
            await asyncio.sleep(every)


def create_app(workspace: Workspace, model: str, poll_seconds: float = POLL_SECONDS) -> FastAPI:
    service = PredictionService(workspace, model)
    predictions = Predictions(service)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        server = drain.install()
        predictions.batcher.start()
        watching = asyncio.create_task(predictions.watch(poll_seconds))
        tried = canary.of(service.endpoint.rollout, service.endpoint.workers, server)
        service.canary = tried.trial if tried is not None else None
        await handover.turn(service.unready, service.endpoint.workers, drain.begun, tried)
        service.canary = None
        passing.passing.offer()
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        predictions.batcher.stop()

    app = FastAPI(title=model, description=service.contract.description, lifespan=lifespan)
    app.state.service = service
    app.add_middleware(AccessLog, service=service)
    app.add_exception_handler(HTTPException, _not_served)
    _add_health(app, service)
    _add_metrics(app, service)
    _add_model(app, service, predictions)
    _add_golden(app, service, predictions)
    return app


def _add_health(app: FastAPI, service: PredictionService) -> None:
    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", responses={503: {"description": "It answers nothing yet, and says why."}})
    async def readyz() -> Response:
        problem = service.unready()
        if problem is not None:
            status = "starting" if service.is_starting else "not ready"
            waits_for = "champion" if service.waits_for_champion else None
            return JSONResponse({"status": status, "reason": problem, "waits_for": waits_for}, 503)
        return JSONResponse({"status": "ready"})


def _add_metrics(app: FastAPI, service: PredictionService) -> None:
    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(service.metrics.exposition(), media_type=CONTENT_TYPE_LATEST)


def _add_model(app: FastAPI, service: PredictionService, predictions: Predictions) -> None:
    contract = service.contract
    path = f"/v1/models/{contract.model}"
    described = {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": contract.request_schema}},
        }
    }

    @app.get(path)
    async def metadata() -> dict[str, Any]:
        return service.metadata()

    documented = failures(*refused_before(service.endpoint), 408, 413, 422, 500, 503, 504)

    @app.post(
        f"{path}:predict", openapi_extra=described, response_model=PredictResponse, responses=documented
    )
    async def predict(request: Request) -> Response:
        try:
            body = predictions.request_type.model_validate_json(await read_body(request))
            answer = await predictions.answer(request.state.request_id, body)
            # The version that answered, because the alias may have moved meanwhile.
            version = {"x-model-version": answer.model_version}
            return Response(answer.model_dump_json(), media_type="application/json", headers=version)
        except BodyTooLarge as error:
            return _failed(request, 413, str(error))
        except BodyTooSlow as error:
            answer_slow = _failed(request, 408, str(error))
            answer_slow.headers["connection"] = "close"
            return answer_slow
        except ValidationError as error:
            found = problems(contract, error)
            return _failed(request, 422, f"The request does not fit '{contract.model}'.", found)
        except MissingFeatures as error:
            return _failed(request, 422, str(error), error.problems)
        except TimeoutError:
            seconds = service.endpoint.timeout_seconds
            return _failed(request, 504, f"The prediction took longer than {seconds:g} s.")
        except NotReady as error:
            return _failed(request, 503, str(error))
        except PlatformError as error:
            return _failed(request, 500, str(error))

    # The same handler without FastAPI's work per request, which takes as long as the prediction. FastAPI's
    # route stays for the documentation.
    app.router.routes.insert(0, Route(f"{path}:predict", predict, methods=["POST"]))


def _add_golden(app: FastAPI, service: PredictionService, predictions: Predictions) -> None:
    """What a deploy asks. The proxy lets nobody else ask it, and it counts as no caller's request."""

    path, documented = f"/v1/models/{service.contract.model}:golden", failures(500, 503, 504)

    @app.post(path, response_model=PredictResponse, responses=documented)
    async def golden(request: Request) -> Response:
        try:
            answer = await predictions.golden(request.state.request_id)
            version = {"x-model-version": answer.model_version}
            return Response(answer.model_dump_json(), media_type="application/json", headers=version)
        except TimeoutError:
            seconds = service.endpoint.timeout_seconds
            return _failed(request, 504, f"The prediction took longer than {seconds:g} s.")
        except NotReady as error:
            return _failed(request, 503, str(error))
        except PlatformError as error:
            return _failed(request, 500, str(error))


def _not_served(request: Request, error: Exception) -> Response:
    """An unknown path or a wrong method, as JSON like every other failure."""
    assert isinstance(error, HTTPException)
    message = f"{request.method} {request.url.path}: {error.detail}. /openapi.json lists the paths."
    answer = _failed(request, error.status_code, message)
    answer.headers.update(error.headers or {})
    return answer


def _failed(request: Request, status: int, message: str, found: list[Problem] | None = None) -> JSONResponse:
    error: dict[str, Any] = {"message": message, "details": [problem.model_dump() for problem in found or []]}
    return JSONResponse({"error": error, "request_id": request.state.request_id}, status)
