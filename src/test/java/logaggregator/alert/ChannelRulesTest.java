package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelRulesTest {

    private static final ChannelRules RULES = new ChannelRules("http,https,log,file", Path.of("data"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://host",
                "https:host/path",
                "log:x?level=INFO",
                "file:data/alerts",
                "file://data?fileName=a"
            })
    void an_endpoint_of_an_allowed_scheme_is_allowed(String uri) {
        assertThat(RULES.problemOfEndpoint(uri)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec:rm",
                "bean:logRemoval",
                "class:java.lang.Runtime",
                "platform-http:/open",
                "redis-streams:logs:stream",
                "file:/etc/cron.d",
                "file:data/../conf/routes",
                "file://data/..?fileName=x",
                "file:database",
                "file:data/%2e%2e/conf",
                "file:data?jailStartingDirectory=false",
                "file:data?fileName=a&tempPrefix=../",
                "file:data?jailStarting%44irectory=false"
            })
    void others_are_not(String uri) {
        assertThat(RULES.problemOfEndpoint(uri)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "toD: {uri: 'http:${body}'}",
                "recipientList: {simple: '${header.to}'}",
                "pollEnrich: {constant: 'file:/etc'}",
                "script: {simple: x}",
                "setBody: {spel: 'T(java.lang.Runtime)'}",
                "bean: {beanType: java.lang.Runtime, method: exec}",
                "bean: {ref: logRemoval, method: removeExpired}",
                "setBody: {method: {ref: dataSource}}",
                "setBody: {simple: '${bean:logRemoval.removeExpired}'}",
                "setBody: {simple: '${type:java.lang.Runtime}'}",
                "to: {uri: 'http:x?clientBuilder=#class:some.Thing'}",
                "to: {uri: 'http:x', parameters: {clientBuilder: '#bean:dataSource'}}",
                "to: {uri: 'http:x', parameters: {clientBuilder: '#dataSource'}}",
                "to: {uri: 'http:x', parameters: {clientBuilder: '{{none:#cl}}{{none:ass:some.Thing}}'}}",
                "marshal: {json: {objectMapper: '#class:some.Thing'}}",
                "multicast: {aggregationStrategy: dataSource, aggregationStrategyMethodName: close}"
            })
    void what_goes_anywhere_or_runs_anything_is_refused_with_its_line(String step) {
        ChannelFile.Problem problem = RULES.problem("- route:\n    id: x\n    steps:\n      - " + step + "\n");

        assertThat(problem).isNotNull();
        assertThat(problem.line()).isEqualTo(4);
        assertThat(new ChannelRules("*", Path.of("data")).problem("- " + step)).isNull();
    }

    @Test
    void a_text_may_hold_a_number_sign() {
        assertThat(RULES.problem("- setHeader: {name: channel, constant: '#alerts'}"))
                .isNull();
    }

    @Test
    void the_bean_for_texts_may_be_called() {
        assertThat(RULES.problem("- setBody: {method: {ref: alertText, method: text}}"))
                .isNull();
        assertThat(RULES.problem("- setBody: {simple: '${bean:alertText.line}'}"))
                .isNull();
        assertThat(RULES.problem("- setBody: {simple: '${body[rule]} type: bean'}"))
                .isNull();
    }
}
