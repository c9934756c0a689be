package io.stepstream.gateway.access;

import io.stepstream.schemas.Arn;
import io.stepstream.schemas.api.ApiException;
import io.stepstream.schemas.api.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who calls.
 *
 * @param account whose state machines and activities they see and make: twelve digits
 * @param name what they are called in refusals
 * @param rules what they may do; absent for everything
 */
public record Caller(String account, String name, Optional<List<Rule>> rules) {

    /** The resource of an operation that concerns none in particular. */
    public static final String NO_RESOURCE = "*";

    static Caller anyone(String account) {
        return new Caller(account, "anyone", Optional.empty());
    }

    /**
     * Operations on resources; in both, {@code *} stands for any text and {@code ?} for any character. An operation without a
     * resource, such as ListStateMachines, needs a rule for {@code *}.
     */
    public record Rule(List<Pattern> operations, List<Pattern> resources) {

        public Rule {
            operations = List.copyOf(operations);
            resources = List.copyOf(resources);
        }

        static Rule of(List<String> operations, List<String> resources) {
            return new Rule(
                    operations.stream().map(Rule::pattern).toList(),
                    resources.stream().map(Rule::pattern).toList());
        }

        private static Pattern pattern(String wildcards) {
            var regex = new StringBuilder();
            wildcards.chars().forEach(c -> {
                switch (c) {
                    case '*' -> regex.append(".*");
                    case '?' -> regex.append('.');
                    default -> regex.append(Pattern.quote(Character.toString(c)));
                }
            });
            return Pattern.compile(regex.toString(), Pattern.DOTALL);
        }

        boolean allows(String operation, String resource) {
            return matches(operations, operation) && matches(resources, resource);
        }

        private static boolean matches(List<Pattern> patterns, String text) {
            return patterns.stream().anyMatch(pattern -> pattern.matcher(text).matches());
        }
    }

    /** Throws AccessDeniedException for what no rule allows, and for resources of another account. */
    public void require(String operation, String resource) {
        if (rules.isEmpty()) {
            return;
        }
        boolean foreign = Arn.parse(resource)
                .filter(arn -> !arn.account().equals(account))
                .isPresent();
        if (foreign || rules.get().stream().noneMatch(rule -> rule.allows(operation, resource))) {
            throw new ApiException(
                    ErrorCode.AccessDeniedException,
                    "User: arn:aws:iam::" + account + ":user/" + name + " is not authorized to perform: states:"
                            + operation
                            + " on resource: " + resource
                            + " because no identity-based policy allows the states:" + operation + " action");
        }
    }
}
