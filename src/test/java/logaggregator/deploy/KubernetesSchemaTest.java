package logaggregator.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files for Kubernetes have no field that Kubernetes doesn't know. */
class KubernetesSchemaTest {

    private static final Map<String, Class<?>> KINDS = Stream.of(
                    Namespace.class,
                    Service.class,
                    Deployment.class,
                    StatefulSet.class,
                    HorizontalPodAutoscaler.class,
                    Ingress.class,
                    NetworkPolicy.class,
                    PodDisruptionBudget.class)
            .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

    private final ObjectMapper strict = new ObjectMapper()
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                /** The model keeps what it doesn't know; here that is an error. */
                @Override
                public Boolean hasAnySetter(Annotated method) {
                    return false;
                }
            });

    @Test
    void each_field_is_known() {
        for (Path file : DeploymentFiles.manifests()) {
            for (Map<String, Object> object : DeploymentFiles.documents(file)) {
                assertThat(KINDS).as("%s", file).containsKey((String) object.get("kind"));
                assertThatCode(() -> check(object))
                        .as("%s: %s", file, object.get("kind"))
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void a_mistyped_field_is_found() {
        assertThatThrownBy(() -> check(Map.of("kind", "Deployment", "spec", Map.of("replcas", 3))))
                .hasMessageContaining("replcas");
    }

    private void check(Map<String, Object> object) {
        strict.convertValue(object, KINDS.get((String) object.get("kind")));
    }
}
