package io.stepstream.schemas.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArnsTest {

    private static final String ACCOUNT = "arn:aws:states:us-east-1:123456789012:";

    @ParameterizedTest
    @CsvSource({
        "not_an_arn, Invalid ARN prefix: not_an_arn",
        "arn:aws:states:us-east-1:123456789012:express:m:e:u, Resource type not valid in this context: express",
        "arn:aws:states:us-east-1:123456789012:stateMachine:m, Resource type not valid in this context: stateMachine",
        "arn:aws:lambda:us-east-1:123456789012:function:f, Resource type not valid in this context: function",
        "arn:aws:states, Invalid ARN: arn:aws:states",
        "arn:aws:states:us-east-1:123456789012:execution:, Invalid ARN: arn:aws:states:us-east-1:123456789012:execution:",
        "arn:aws:states::123456789012:execution:m:e, Invalid ARN: arn:aws:states::123456789012:execution:m:e",
    })
    void whatIsNoExecutionsArnIsRefusedInAwsWords(String text, String problem) {
        assertThatThrownBy(() -> Arns.execution(text)).isInstanceOfSatisfying(ApiException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.InvalidArn);
            assertThat(e.message()).isEqualTo("Invalid Arn: '" + problem + "'");
        });
    }

    @Test
    void anArnOfTheRightKindIsTaken() {
        assertThat(Arns.execution(ACCOUNT + "execution:m:e").qualifier()).contains("e");
        assertThat(Arns.activity(ACCOUNT + "activity:a").resource()).isEqualTo("a");
        assertThat(Arns.stateMachine(ACCOUNT + "stateMachine:m/label").isLabelled())
                .isTrue();
        assertThat(Arns.mapRun(ACCOUNT + "mapRun:m/label:u").type()).isEqualTo("mapRun");
    }

    @Test
    void aLabelIsRefusedWhereOnlyMachinesAreMeant() {
        assertThatThrownBy(() -> Arns.unlabelledStateMachine(ACCOUNT + "stateMachine:m/label"))
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.ValidationException);
                    assertThat(e.members()).containsEntry("reason", "API_DOES_NOT_SUPPORT_LABELED_ARNS");
                });
    }

    @Test
    void aRoleNeedsOnlyBeAnArn() {
        Arns.role("arn:aws:iam::123456789012:role/r");
        assertThatThrownBy(() -> Arns.role("r")).hasMessage("Invalid Arn: 'Invalid ARN prefix: r'");
    }
}
