package io.stepstream.asl.model;

/** How a state reads and shapes data. */
public enum QueryLanguage {
    JSONPATH,
    JSONATA
}
