package io.stepstream.gateway.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** One page of a list that is held in memory. */
record Page<T>(List<T> items, Optional<String> nextToken) {

    Page {
        items = List.copyOf(items);
    }

    /**
     * The page that the call asks for.
     *
     * @param key an item's place in the list: pages are ordered by it, and the next one begins behind it, be the item itself
     *     still there or not
     */
    static <T> Page<T> of(Call call, PageTokens tokens, Collection<T> all, Function<T, String> key) {
        var ordered = new TreeMap<String, T>();
        all.forEach(item -> ordered.put(key.apply(item), item));
        var place = tokens.place(call);
        var rest = place.isPresent() ? ordered.tailMap(place.get(), false) : ordered;
        var items = new ArrayList<T>();
        for (var item : rest.values()) {
            if (items.size() == call.pageSize()) {
                return new Page<>(items, Optional.of(tokens.next(call, key.apply(items.get(items.size() - 1)))));
            }
            items.add(item);
        }
        return new Page<>(items, Optional.empty());
    }
}
