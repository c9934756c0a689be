package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.WeekFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a point in time is written: {@code [D01]/[M01]/[Y0001]}. The notation of XPath's fn:format-dateTime.
 *
 * @see <a href="https://www.w3.org/TR/xpath-functions-31/#rules-for-datetime-formatting">XPath functions 3.1, 9.8.4</a>
 */
final class DatePicture {

    private static final String NUMBERS = "YMDdFWwXxHhmsf";
    private static final Map<Character, String> DEFAULTS = Map.ofEntries(
            Map.entry('Y', "1"),
            Map.entry('M', "1"),
            Map.entry('D', "1"),
            Map.entry('d', "1"),
            Map.entry('F', "n"),
            Map.entry('W', "1"),
            Map.entry('w', "1"),
            Map.entry('X', "1"),
            Map.entry('x', "1"),
            Map.entry('H', "1"),
            Map.entry('h', "1"),
            Map.entry('P', "n"),
            Map.entry('m', "01"),
            Map.entry('s', "01"),
            Map.entry('f', "1"),
            Map.entry('Z', "01:01"),
            Map.entry('z', "01:01"),
            Map.entry('C', "n"),
            Map.entry('E', "n"));
    private static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");
    private static final List<String> DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
    private static final int LONGEST_NAME = 10;

    private final List<Part> parts;

    private DatePicture(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Literal text, or a component.
     *
     * @param component 0 for literal text
     * @param presentation what says how it is written, without the width
     * @param number how it is written as a number, null for a name
     * @param most the most characters of a name, or digits of a year; 0 for no such limit
     */
    private record Part(
            char component, String presentation, @Nullable IntegerPicture number, int most) {}

    static DatePicture parse(String picture) {
        var parts = new ArrayList<Part>();
        int at = 0;
        var literal = new StringBuilder();
        while (at < picture.length()) {
            char c = picture.charAt(at);
            if (picture.startsWith("[[", at) || picture.startsWith("]]", at)) {
                literal.append(c);
                at += 2;
            } else if (c == '[') {
                int end = picture.indexOf(']', at);
                if (end < 0) {
                    throw new JsonataException(
                            "D3135", "No matching closing bracket \"]\" in date/time picture string");
                }
                add(literal, parts);
                parts.add(component(picture.substring(at + 1, end).replaceAll("\\s", "")));
                at = end + 1;
            } else {
                literal.append(c);
                at++;
            }
        }
        add(literal, parts);
        return new DatePicture(parts);
    }

    private static void add(StringBuilder literal, List<Part> parts) {
        if (literal.length() > 0) {
            parts.add(new Part((char) 0, literal.toString(), null, 0));
            literal.setLength(0);
        }
    }

    private static Part component(String marker) {
        char component = marker.isEmpty() ? ' ' : marker.charAt(0);
        var standard = DEFAULTS.get(component);
        if (standard == null) {
            throw new JsonataException(
                    "D3132",
                    "Unknown component specifier " + JsonText.quote(String.valueOf(component))
                            + " in date/time picture string");
        }
        int comma = marker.lastIndexOf(',');
        var presentation = comma < 0 ? marker.substring(1) : marker.substring(1, comma);
        int least = comma < 0 ? 0 : width(marker.substring(comma + 1), true);
        int most = comma < 0 ? 0 : width(marker.substring(comma + 1), false);
        if (presentation.isEmpty()) {
            presentation = standard;
        }
        char first = presentation.charAt(0);
        boolean name = first == 'n' || first == 'N';
        if (name && "FMxP".indexOf(component) < 0 && component != 'C' && component != 'E') {
            throw new JsonataException(
                    "D3133",
                    "The \"name\" modifier can only be applied to months and days in the date/time picture string, not "
                            + component);
        }
        if (name || NUMBERS.indexOf(component) < 0) {
            return new Part(component, presentation, null, most);
        }
        boolean ordinal = presentation.length() > 1 && presentation.endsWith("o");
        var digits = presentation.length() > 1 && "atco".indexOf(presentation.charAt(presentation.length() - 1)) >= 0
                ? presentation.substring(0, presentation.length() - 1)
                : presentation;
        var number = IntegerPicture.parse(ordinal ? digits + ";o" : digits).atLeast(least);
        if (component == 'Y' && most == 0 && number.isDigits() && digits.length() >= 2) {
            most = digits.length();
        }
        return new Part(component, presentation, number, most);
    }

    private static int width(String modifier, boolean least) {
        int dash = modifier.indexOf('-');
        var part = dash < 0
                ? (least ? modifier : "*")
                : least ? modifier.substring(0, dash) : modifier.substring(dash + 1);
        if (part.equals("*") || part.isEmpty()) {
            return 0;
        }
        try {
            return Math.min(Integer.parseUnsignedInt(part), 100);
        } catch (NumberFormatException e) {
            throw new JsonataException(
                    "D3132", "Unknown width " + JsonText.quote(part) + " in date/time picture string");
        }
    }

    String format(OffsetDateTime time) {
        var text = new StringBuilder();
        for (var part : parts) {
            text.append(part.component() == 0 ? part.presentation() : written(part, time));
        }
        return text.toString();
    }

    private static String written(Part part, OffsetDateTime time) {
        return switch (part.component()) {
            case 'P' -> cased(time.getHour() < 12 ? "am" : "pm", part);
            case 'C', 'E' -> "ISO";
            case 'Z', 'z' -> zone(part, time.getOffset());
            default -> {
                int value = value(part.component(), time);
                if (part.number() == null) {
                    yield name(part, value);
                }
                if (part.component() == 'Y' && part.most() > 0 && part.most() < 10) {
                    value = value % (int) Math.round(StrictMath.pow(10, part.most()));
                }
                yield part.number().format(BigInteger.valueOf(value));
            }
        };
    }

    private static int value(char component, OffsetDateTime time) {
        return switch (component) {
            case 'Y' -> time.getYear();
            case 'M' -> time.getMonthValue();
            case 'D' -> time.getDayOfMonth();
            case 'd' -> time.getDayOfYear();
            case 'F' -> time.getDayOfWeek().getValue();
            case 'W' -> time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case 'X' -> time.get(IsoFields.WEEK_BASED_YEAR);
            // Weeks belong to the month that their Thursday is in.
            case 'w' -> time.with(ChronoField.DAY_OF_WEEK, 4).get(WeekFields.ISO.weekOfMonth());
            case 'x' -> time.with(ChronoField.DAY_OF_WEEK, 4).getMonthValue();
            case 'H' -> time.getHour();
            case 'h' -> time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
            case 'm' -> time.getMinute();
            case 's' -> time.getSecond();
            default -> time.getNano() / 1_000_000;
        };
    }

    private static String name(Part part, int value) {
        var name = part.component() == 'F' ? DAYS.get(value - 1) : MONTHS.get(value - 1);
        if (part.most() > 0 && name.length() > part.most()) {
            name = name.substring(0, part.most());
        }
        return cased(name, part);
    }

    private static String cased(String name, Part part) {
        if (part.presentation().startsWith("Nn")) {
            return name;
        }
        return part.presentation().startsWith("N") ? name.toUpperCase(Locale.ROOT) : name.toLowerCase(Locale.ROOT);
    }

    private static String zone(Part part, ZoneOffset offset) {
        int minutes = offset.getTotalSeconds() / 60;
        boolean zed = part.presentation().endsWith("t");
        if (minutes == 0 && zed) {
            return "Z";
        }
        var pattern = zed ? part.presentation().substring(0, part.presentation().length() - 1) : part.presentation();
        int digits = (int) pattern.chars().filter(Character::isDigit).count();
        if (digits < 1 || digits > 4) {
            throw new JsonataException(
                    "D3134", "The timezone integer format specifier cannot have more than four digits");
        }
        boolean colon = pattern.contains(":");
        int hours = Math.abs(minutes) / 60;
        int rest = Math.abs(minutes) % 60;
        var text = new StringBuilder(minutes < 0 ? "-" : "+");
        text.append(digits != 1 && hours < 10 && (digits != 3) ? "0" : "").append(hours);
        if (digits > 2 || rest != 0) {
            text.append(colon || digits <= 2 ? ":" : "")
                    .append(rest < 10 ? "0" : "")
                    .append(rest);
        }
        return part.component() == 'z' ? "GMT" + text : text.toString();
    }

    // Reading.
    // ----------------------------------------------------------------------------------------------------------------

    /**
     * Milliseconds of 1970. What the picture leaves out is the present's before the first component that is there, and the
     * smallest behind it. Undefined where the text does not look like the picture.
     */
    JsonNode read(String text, Instant now) {
        var found = new HashMap<Character, Integer>();
        int at = 0;
        for (int i = 0; i < parts.size() && at >= 0; i++) {
            boolean runsOn = i + 1 < parts.size() && parts.get(i + 1).number() != null;
            at = read(parts.get(i), text, at, runsOn, found);
        }
        return at != text.length() || found.isEmpty() ? Values.UNDEFINED : instant(found, now);
    }

    /** Where it goes on, negative if the text is another. */
    private static int read(Part part, String text, int at, boolean runsOn, Map<Character, Integer> found) {
        if (part.component() == 0) {
            return text.regionMatches(
                            true,
                            at,
                            part.presentation(),
                            0,
                            part.presentation().length())
                    ? at + part.presentation().length()
                    : -1;
        }
        if (part.component() == 'Z' || part.component() == 'z') {
            return readZone(part, text, at, found);
        }
        int end = at;
        if (part.number() != null && part.number().isDigits()) {
            int most = runsOn ? part.number().digits() : text.length();
            while (end < text.length() && end < at + most && Character.isDigit(text.charAt(end))) {
                end++;
            }
            int digits = end;
            boolean ordinal =
                    part.presentation().length() > 1 && part.presentation().endsWith("o");
            end = ordinal ? Math.min(text.length(), end + 2) : end;
            return put(part, digits - at > 9 ? Double.NaN : number(part, text.substring(at, digits)), end, found);
        }
        boolean words = part.number() != null;
        while (end < text.length()
                && (Character.isLetter(text.charAt(end)) || (words && " -,".indexOf(text.charAt(end)) >= 0))) {
            end++;
        }
        var word = text.substring(at, end);
        if (words) {
            return put(
                    part,
                    number(part, word.stripTrailing()),
                    at + word.stripTrailing().length(),
                    found);
        }
        if (part.component() == 'P') {
            return put(
                    part, word.equalsIgnoreCase("am") ? 0 : word.equalsIgnoreCase("pm") ? 1 : Double.NaN, end, found);
        }
        var names = part.component() == 'F' ? DAYS : MONTHS;
        for (int i = 0; i < names.size(); i++) {
            int most = part.most() == 0 ? LONGEST_NAME : part.most();
            var name = names.get(i).substring(0, Math.min(names.get(i).length(), most));
            if (name.equalsIgnoreCase(word)) {
                return put(part, i + 1, end, found);
            }
        }
        return -1;
    }

    private static double number(Part part, String text) {
        var number = part.number();
        var value = number == null || text.isEmpty() ? Values.UNDEFINED : number.read(text);
        return value.isNumber() ? Numbers.value(value) : Double.NaN;
    }

    private static int put(Part part, double value, int end, Map<Character, Integer> found) {
        if (Double.isNaN(value)) {
            return -1;
        }
        found.put(part.component(), (int) value);
        return end;
    }

    private static int readZone(Part part, String text, int start, Map<Character, Integer> found) {
        int at = part.component() == 'z' && text.startsWith("GMT", start) ? start + 3 : start;
        if (text.startsWith("Z", at) && part.presentation().endsWith("t")) {
            return put(part, 0, at + 1, found);
        }
        if (at >= text.length() || "+-".indexOf(text.charAt(at)) < 0) {
            return -1;
        }
        int sign = text.charAt(at++) == '-' ? -1 : 1;
        var digits = new StringBuilder();
        while (at < text.length()
                && digits.length() < 4
                && (Character.isDigit(text.charAt(at)) || text.charAt(at) == ':')) {
            if (text.charAt(at) != ':') {
                digits.append(text.charAt(at));
            }
            at++;
        }
        if (digits.isEmpty()) {
            return -1;
        }
        int hours =
                Integer.parseInt(digits.length() <= 2 ? digits.toString() : digits.substring(0, digits.length() - 2));
        int minutes = digits.length() <= 2 ? 0 : Integer.parseInt(digits.substring(digits.length() - 2));
        return put(part, sign * (hours * 60 + minutes), at, found);
    }

    private static JsonNode instant(Map<Character, Integer> found, Instant now) {
        if (found.containsKey('W') || found.containsKey('w') || found.containsKey('X') || found.containsKey('x')) {
            throw incomplete();
        }
        boolean byDay = found.containsKey('d') && !found.containsKey('D');
        boolean twelve = found.containsKey('h') && !found.containsKey('H');
        var present = now.atOffset(ZoneOffset.UTC);
        boolean started = false;
        boolean ended = false;
        for (char component : ((byDay ? "Yd" : "YMD") + (twelve ? "Phmsf" : "Hmsf")).toCharArray()) {
            if (found.containsKey(component)) {
                started = true;
                if (ended) {
                    throw incomplete();
                }
            } else if (started) {
                found.put(component, "MDd".indexOf(component) >= 0 ? 1 : 0);
                ended = true;
            } else {
                found.put(component, component == 'P' ? present.getHour() / 12 : value(component, present));
            }
        }
        int hour =
                twelve ? found.getOrDefault('h', 0) % 12 + 12 * found.getOrDefault('P', 0) : found.getOrDefault('H', 0);
        try {
            int year = found.getOrDefault('Y', 0);
            var day = byDay
                    ? LocalDate.ofYearDay(year, found.getOrDefault('d', 1))
                    : LocalDate.of(year, found.getOrDefault('M', 1), found.getOrDefault('D', 1));
            var time = LocalDateTime.of(
                    day.getYear(),
                    day.getMonth(),
                    day.getDayOfMonth(),
                    hour,
                    found.getOrDefault('m', 0),
                    found.getOrDefault('s', 0),
                    found.getOrDefault('f', 0) * 1_000_000);
            long zone = found.getOrDefault('Z', found.getOrDefault('z', 0));
            return Numbers.of(time.toInstant(ZoneOffset.UTC).toEpochMilli() - zone * 60_000);
        } catch (DateTimeException e) {
            return Values.UNDEFINED;
        }
    }

    private static JsonataException incomplete() {
        return new JsonataException(
                "D3136", "The date/time picture string is missing specifiers required to parse the timestamp");
    }
}
