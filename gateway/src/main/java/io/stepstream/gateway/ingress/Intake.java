package io.stepstream.gateway.ingress;

import java.util.Optional;

/** Understands the records of one topic. */
interface Intake {

    /** The topic that it reads. */
    String topic();

    /** Called on the reading thread before the records of one poll. */
    void beginBatch();

    /**
     * Called on the reading thread, record by record in the order of each partition. Throws ApiException for a record that
     * is refused; anything else that is thrown means that it could not be told, and the record is read again.
     */
    Verdict decide(Incoming incoming);

    /** Where the outcome is wanted, checked; throws ApiException for a topic that may not be named. */
    Optional<Outcomes.Wanted> wantsOutcome(Incoming incoming);
}
