package io.stepstream.gateway.access;

/** Lets callers in, or does not. Called on server threads; must not block. */
@FunctionalInterface
public interface Access {

    /** Who sent the request; throws ApiException for one that cannot be told. */
    Caller admit(SignedRequest request);

    /** Everybody is let in, whatever they sign, and may do everything. */
    static Access open(String account) {
        var anyone = Caller.anyone(account);
        return request -> anyone;
    }
}
