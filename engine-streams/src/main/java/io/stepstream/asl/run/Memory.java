package io.stepstream.asl.run;

import io.stepstream.asl.query.Payload;
import java.util.List;
import java.util.Optional;

/**
 * The rows of one execution during one decision. What is handed out is changed in place and written when the decision is
 * over; what is born and gone within it is never written. Reading costs only what is asked for.
 */
public interface Memory {

    /** What the execution was started with, JSON text. */
    String executionInput();

    /** Whether there is such a scope: a late answer names one that is gone. */
    boolean hasScope(long id);

    /** Throws IllegalStateException if there is none. */
    Scope scope(long id);

    void add(Scope scope);

    void remove(Scope scope);

    /** The raw input of the state that the scope is in. */
    Payload input(Scope scope);

    /** A variable of this very scope, if it has been assigned. */
    Optional<Payload> variable(Scope scope, String name);

    void putVariable(Scope scope, String name, Payload value);

    /** Whether it has been assigned or not. */
    void removeVariable(Scope scope, String name);

    FanOut fanOut(long id);

    void add(FanOut fanOut);

    /** Takes its pages with it. */
    void remove(FanOut fanOut, int pageEntries);

    /** A page of a Map's items, as JSON texts; {@code page} counts from 0. */
    List<String> items(long fanOut, int page);

    void putItems(long fanOut, int page, List<String> items);

    /** A page of results, as JSON texts by their place in the page; made at the first call, and changed in place. */
    List<String> results(long fanOut, int page);
}
