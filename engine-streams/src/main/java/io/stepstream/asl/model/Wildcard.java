package io.stepstream.asl.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of StringMatches: {@code *} is any run of characters, {@code \*} a star and {@code \\} a backslash.
 *
 * <p>The pieces between the stars are searched for one after the other, each by Knuth, Morris and Pratt's method, so
 * that no pattern makes matching slower than linear.
 */
public final class Wildcard {

    private final List<String> pieces;
    private final List<int[]> fallbacks;

    private Wildcard(List<String> pieces) {
        this.pieces = List.copyOf(pieces);
        this.fallbacks = pieces.stream().map(Wildcard::fallback).toList();
    }

    /** Throws IllegalArgumentException with a sentence for a backslash before anything but a star or a backslash. */
    public static Wildcard compile(String pattern) {
        var pieces = new ArrayList<String>();
        var piece = new StringBuilder();
        for (int at = 0; at < pattern.length(); at++) {
            char c = pattern.charAt(at);
            if (c == '*') {
                pieces.add(piece.toString());
                piece.setLength(0);
                continue;
            }
            if (c == '\\') {
                at++;
                if (at == pattern.length() || "*\\".indexOf(pattern.charAt(at)) < 0) {
                    throw new IllegalArgumentException("Expected '*' or '\\' after a backslash in '" + pattern + "'");
                }
                c = pattern.charAt(at);
            }
            piece.append(c);
        }
        pieces.add(piece.toString());
        return new Wildcard(pieces);
    }

    public boolean matches(String text) {
        var first = pieces.get(0);
        var last = pieces.get(pieces.size() - 1);
        if (pieces.size() == 1) {
            return text.equals(first);
        }
        if (text.length() < first.length() + last.length() || !text.startsWith(first) || !text.endsWith(last)) {
            return false;
        }
        int at = first.length();
        int end = text.length() - last.length();
        for (int i = 1; i < pieces.size() - 1; i++) {
            at = find(text, at, end, pieces.get(i), fallbacks.get(i));
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    /** Where the first occurrence of {@code piece} ends, or -1. */
    private static int find(String text, int start, int end, String piece, int[] fallback) {
        int matched = 0;
        if (piece.isEmpty()) {
            return start;
        }
        for (int at = start; at < end; at++) {
            while (matched > 0 && text.charAt(at) != piece.charAt(matched)) {
                matched = fallback[matched - 1];
            }
            if (text.charAt(at) == piece.charAt(matched)) {
                matched++;
            }
            if (matched == piece.length()) {
                return at + 1;
            }
        }
        return -1;
    }

    /** For each position the length of the longest proper prefix that ends there. */
    private static int[] fallback(String piece) {
        var lengths = new int[piece.length()];
        int matched = 0;
        for (int at = 1; at < piece.length(); at++) {
            while (matched > 0 && piece.charAt(at) != piece.charAt(matched)) {
                matched = lengths[matched - 1];
            }
            if (piece.charAt(at) == piece.charAt(matched)) {
                matched++;
            }
            lengths[at] = matched;
        }
        return lengths;
    }
}
