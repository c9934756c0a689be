package io.stepstream.gateway.ingress;

import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The records of one partition that have been read, some of them done with: up to where nothing need be read again. Records
 * are added in the order of their offsets by the thread that reads, and done with in any order on any thread.
 */
final class OffsetWindow {

    private final NavigableSet<Long> open = new TreeSet<>();
    private long next;
    private long committed;

    /** @param first offset of the next record to be read */
    OffsetWindow(long first) {
        this.next = first;
        this.committed = first;
    }

    synchronized void add(long offset) {
        if (offset < next) {
            throw new IllegalArgumentException("Expected an offset from " + next + " on, but " + offset);
        }
        open.add(offset);
        next = offset + 1;
    }

    synchronized void done(long offset) {
        open.remove(offset);
    }

    /** Everything below has been done with. */
    synchronized long reached() {
        return open.isEmpty() ? next : open.first();
    }

    /** Whether there is anything to commit since the last {@link #committed}. */
    synchronized boolean hasMoved() {
        return reached() > committed;
    }

    synchronized void committed(long offset) {
        committed = Math.max(committed, offset);
    }
}
