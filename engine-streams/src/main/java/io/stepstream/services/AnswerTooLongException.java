package io.stepstream.services;

import java.io.IOException;

/** A service's answer is longer than a state's result may be. */
public final class AnswerTooLongException extends IOException {

    private static final long serialVersionUID = 1L;

    AnswerTooLongException(int most) {
        super("Expected an answer of at most " + most + " bytes, but it is longer");
    }
}
