package io.stepstream.gateway.shape;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * One operation of the API.
 *
 * @param errors names of the errors that the model lists for it; the protocol's own come on top
 */
public record Operation(String name, Shape input, Shape output, Set<String> errors) {

    public Operation {
        errors = Set.copyOf(errors);
    }

    /**
     * The request's known members, checked against the model: SerializationException for what is no such JSON,
     * ValidationException with all broken constraints at once.
     *
     * @param json a JSON object in UTF-8
     */
    public ObjectNode read(byte[] json) {
        var request = ShapeReader.read(json, input);
        check(request);
        return request;
    }

    /** Throws ValidationException with all constraints that the request breaks. */
    public void check(ObjectNode request) {
        ShapeValidator.check(request, input);
    }
}
