package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;

/** Points in time, in milliseconds of 1970 in UTC or as text. The present is the decision's, never the clock's. */
final class TimeFunctions {

    private static final Pattern ISO = Pattern.compile(
            "([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\\.[0-9]{1,9})?+)?+"
                    + "(Z|[+-][0-9]{2}:?[0-9]{2})?+)?+)?+)?+");

    private static final int LONGEST_TEXT = 1_000;

    private TimeFunctions() {}

    static void define() {
        Library.defineAlways(
                "now", "<s?s?:s>", (run, a) -> formatted(run, run.now().toEpochMilli(), a.get(0), a.get(1)));
        Library.defineAlways("millis", "<:n>", (run, a) -> Numbers.of(run.now().toEpochMilli()));
        Library.define(
                "fromMillis",
                "<n-s?s?:s>",
                (run, a) -> formatted(run, (long) Numbers.value(a.get(0)), a.get(1), a.get(2)));
        Library.define("toMillis", "<s-s?:n>", TimeFunctions::toMillis);
    }

    private static JsonNode formatted(Evaluation run, long millis, JsonNode picture, JsonNode zone) {
        var offset = Values.isDefined(zone) ? offset(run, zone) : ZoneOffset.UTC;
        OffsetDateTime time;
        try {
            time = Instant.ofEpochMilli(millis).atOffset(offset);
        } catch (DateTimeException e) {
            throw new JsonataException("D1001", "Number out of range: " + millis);
        }
        if (Values.isDefined(picture)) {
            return TextFunctions.made(
                    run, DatePicture.parse(checked(run, picture)).format(time));
        }
        return new TextNode(DatePicture.parse("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]")
                .format(time));
    }

    private static String checked(Evaluation run, JsonNode text) {
        run.spend(20L + text.textValue().length());
        if (text.textValue().length() > LONGEST_TEXT) {
            throw JsonataException.tooMuch("the " + LONGEST_TEXT + " characters that a date or its picture may have");
        }
        return text.textValue();
    }

    /** {@code +0130}: hours and minutes. */
    private static ZoneOffset offset(Evaluation run, JsonNode zone) {
        var text = zone.textValue();
        try {
            int value = Integer.parseInt(text);
            return ZoneOffset.ofHoursMinutes(value / 100, value % 100);
        } catch (NumberFormatException | DateTimeException e) {
            throw new JsonataException(
                    "D3137", "Expected a timezone like +0100, but it is " + Values.quoted(run, zone));
        }
    }

    private static JsonNode toMillis(Evaluation run, List<JsonNode> a) {
        var text = checked(run, a.get(0));
        if (Values.isDefined(a.get(1))) {
            return DatePicture.parse(checked(run, a.get(1))).read(text, run.now());
        }
        var iso = ISO.matcher(text);
        try {
            if (iso.matches()) {
                var day = iso.group(3) != null
                        ? LocalDate.parse(text.substring(0, 10))
                        : iso.group(2) != null
                                ? LocalDate.parse(text + "-01")
                                : Year.parse(text).atDay(1);
                var time = day.atStartOfDay();
                if (iso.group(4) != null) {
                    time = time.withHour(Integer.parseInt(iso.group(4)))
                            .withMinute(Integer.parseInt(iso.group(5)))
                            .withSecond(iso.group(6) == null ? 0 : Integer.parseInt(iso.group(6)));
                }
                if (iso.group(7) != null) {
                    time = time.withNano(Integer.parseInt((iso.group(7) + "00000000").substring(1, 10)));
                }
                var offset = iso.group(8) == null ? ZoneOffset.UTC : ZoneOffset.of(iso.group(8));
                return Numbers.of(time.toInstant(offset).toEpochMilli());
            }
        } catch (DateTimeException e) {
            // No such day, hour or offset: told below.
        }
        throw new JsonataException(
                "D3110",
                "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given "
                        + Values.quoted(run, a.get(0)));
    }
}
