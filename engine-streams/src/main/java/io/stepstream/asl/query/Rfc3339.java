package io.stepstream.asl.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** Timestamps as definitions and data write them: capital T, capital Z or an offset, fractions allowed. */
public final class Rfc3339 {

    private static final Pattern FORM = Pattern.compile(
            "([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:(\\.[0-9]{1,9}+)[0-9]*+)?+(Z|[+-][0-9]{2}:[0-9]{2})");

    private Rfc3339() {}

    /** Empty for text that is none. Of a fraction nine digits count. */
    public static Optional<Instant> parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        var fraction = form.group(2) == null ? "" : form.group(2);
        try {
            return Optional.of(OffsetDateTime.parse(form.group(1) + fraction + form.group(3))
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
