package io.stepstream.services;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What calls need to know of the world, the same for all of them.
 *
 * @param environment variables with AWS's names: credentials, region, endpoints
 * @param api where Stepstream's own API is
 * @param functions URLs of Lambda functions by name
 * @param responseBytes how long an answer may be, in bytes
 * @param timeout how long a call may take, whatever its Task says
 */
public record ServiceSettings(
        Map<String, String> environment, URI api, Map<String, URI> functions, int responseBytes, Duration timeout) {

    public ServiceSettings {
        environment = Map.copyOf(environment);
        functions = Map.copyOf(functions);
    }

    /** Of the process, if it has any; without them calls are not signed. */
    public Optional<SigV4.Credentials> credentials() {
        var id = variable("AWS_ACCESS_KEY_ID");
        var secret = variable("AWS_SECRET_ACCESS_KEY");
        return id.isPresent() && secret.isPresent()
                ? Optional.of(new SigV4.Credentials(id.get(), secret.get(), variable("AWS_SESSION_TOKEN")))
                : Optional.empty();
    }

    /** The process's region, or else {@code region}. */
    public String region(String region) {
        return variable("AWS_REGION").or(() -> variable("AWS_DEFAULT_REGION")).orElse(region);
    }

    /**
     * Where a service is, as AWS's SDKs find out: AWS_ENDPOINT_URL_SERVICE, AWS_ENDPOINT_URL, or AWS itself.
     *
     * @param serviceId as AWS's models have it, like {@code Secrets Manager}
     * @param prefix of its host in AWS, like {@code secretsmanager}
     */
    public URI endpoint(String serviceId, String prefix, String region) {
        var name = serviceId.toUpperCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
        return variable("AWS_ENDPOINT_URL_" + name)
                .or(() -> variable("AWS_ENDPOINT_URL"))
                .map(URI::create)
                .orElseGet(() -> URI.create("https://" + prefix + "." + region + "." + suffix(region)));
    }

    private static String suffix(String region) {
        return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }
}
