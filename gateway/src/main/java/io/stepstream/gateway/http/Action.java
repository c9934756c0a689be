package io.stepstream.gateway.http;

import java.util.concurrent.CompletionStage;

/**
 * What one operation does. Called on a server thread, which it must not block; throws or fails with
 * {@link io.stepstream.schemas.api.ApiException} for the caller's mistakes.
 */
@FunctionalInterface
interface Action {
    CompletionStage<Answer> perform(Call call);
}
