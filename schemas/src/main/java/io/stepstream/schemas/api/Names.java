package io.stepstream.schemas.api;

/** What a state machine, activity or execution may be called; the characters AWS refuses are refused here. */
public final class Names {

    /** Characters of a name. */
    public static final int MAX_LENGTH = 80;

    private static final String REFUSED = "<>{}[]?*\"#%\\^|~`$&,;:/";

    private Names() {}

    /** The name itself; throws InvalidName. Its length is a constraint of the model and checked there as well. */
    public static String require(String name) {
        if (!isLegal(name)) {
            throw new ApiException(ErrorCode.InvalidName, "Invalid Name: '" + name + "'");
        }
        return name;
    }

    /** True for 1 to 80 characters of which none is refused. */
    public static boolean isLegal(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return false;
        }
        return name.codePoints().allMatch(Names::isLegal);
    }

    private static boolean isLegal(int character) {
        return character > 0x1F
                && !(character >= 0x7F && character <= 0x9F)
                && !(character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE)
                && character != 0xFFFE
                && character != 0xFFFF
                && character != 0x10FFFF
                && !Character.isWhitespace(character)
                && !Character.isSpaceChar(character)
                && REFUSED.indexOf(character) < 0;
    }
}
