package io.stepstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArnTest {

    private static final String MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:order";

    private static Arn arn(String text) {
        return Arn.parse(text).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                MACHINE,
                MACHINE + ":7",
                MACHINE + "/label",
                "arn:aws:states:us-east-1:123456789012:execution:order:e-1",
                "arn:aws:states:us-east-1:123456789012:express:order:e-1:11111111-2222-3333-4444-555555555555",
                "arn:aws-cn:states:cn-north-1:123456789012:activity:größe"
            })
    void whatIsParsedIsWrittenTheSame(String text) {
        assertThat(arn(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "arn", "arn:aws:states:us-east-1:123456789012:stateMachine", "urn:a:b:c:d:e:f", "nope"})
    void otherTextIsNone(String text) {
        assertThat(Arn.parse(text)).isEmpty();
    }

    @Test
    void anExecutionKnowsItsMachine() {
        assertThat(arn(MACHINE).execution("e").stateMachine()).hasToString(MACHINE);
        assertThat(arn(MACHINE + ":7").execution("e"))
                .hasToString("arn:aws:states:us-east-1:123456789012:execution:order:e");
    }

    @Test
    void aVersionOrAliasIsTheQualifier() {
        assertThat(arn(MACHINE).qualifier()).isEmpty();
        assertThat(arn(MACHINE + ":live").qualifier()).hasValue("live");
    }

    @Test
    void aLabelledArnSaysSo() {
        assertThat(arn(MACHINE + "/label").isLabelled()).isTrue();
        assertThat(arn(MACHINE).isLabelled()).isFalse();
    }
}
