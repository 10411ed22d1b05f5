import Testing

@testable import CommitProtocol

@Suite("The owner of a checkpoint")
struct CheckpointOwnerTests {
    private let mine = OwnerToken(high: 1, low: 2)
    private let other = OwnerToken(high: 3, low: 4)

    /// An owner that has claimed a checkpoint at position 5.
    private func ready() -> CheckpointOwner {
        var owner = CheckpointOwner()
        #expect(owner.handle(.assigned(mine)) == .watch)
        let claimed = Checkpoint(owner: mine, next: Position(5))
        #expect(
            owner.handle(.watched(Checkpoint(owner: other, next: Position(5)))) == .claim(claimed))
        #expect(owner.handle(.executed) == .resume(Position(5)))
        return owner
    }

    private func at(_ offset: Int64) -> CommitEvent {
        .watched(Checkpoint(owner: mine, next: Position(offset)))
    }

    @Test("resumes where the sink is, commits and goes on")
    func commit() {
        var owner = ready()
        #expect(owner.handle(.batch(end: Position(8))) == .watch)
        #expect(owner.handle(at(5)) == .commit(Checkpoint(owner: mine, next: Position(8))))
        #expect(owner.handle(.executed) == .goOn(from: Position(8)))
    }

    @Test("knows by the checkpoint whether a commit was done whose answer was lost")
    func lostAnswers() {
        for (found, action) in [
            (8, CommitAction.goOn(from: Position(8))),
            (5, .commit(Checkpoint(owner: mine, next: Position(8)))),
            (3, .resume(Position(3))),
        ] {
            var owner = ready()
            _ = owner.handle(.batch(end: Position(8)))
            _ = owner.handle(at(5))
            #expect(owner.handle(.lost) == .watchAgain(attempt: 1))
            #expect(owner.handle(at(Int64(found))) == action)
        }
    }

    @Test("knows by the token whether a claim was done whose answer was lost")
    func lostClaim() {
        var owner = CheckpointOwner()
        _ = owner.handle(.assigned(mine))
        _ = owner.handle(.watched(Checkpoint(owner: nil, next: Position(0))))
        #expect(owner.handle(.lost) == .watchAgain(attempt: 1))
        #expect(owner.handle(at(0)) == .resume(Position(0)))
    }

    @Test("asks once whether it is still meant, and leaves when it is fenced again")
    func fencing() {
        var owner = ready()
        let stolen = CommitEvent.watched(Checkpoint(owner: other, next: Position(5)))
        _ = owner.handle(.batch(end: Position(8)))
        #expect(owner.handle(stolen) == .askAssignment)
        #expect(owner.handle(.assigned(mine)) == .watch)
        #expect(owner.handle(at(5)) == .resume(Position(5)))
        _ = owner.handle(.batch(end: Position(8)))
        #expect(owner.handle(stolen) == .leave(.isFenced))
    }

    @Test("is fenced for the first time again after a commit")
    func forgivenFence() {
        var owner = ready()
        let stolen = CommitEvent.watched(Checkpoint(owner: other, next: Position(5)))
        _ = owner.handle(.batch(end: Position(6)))
        _ = owner.handle(stolen)
        _ = owner.handle(.assigned(mine))
        _ = owner.handle(at(5))
        _ = owner.handle(.batch(end: Position(6)))
        _ = owner.handle(at(5))
        #expect(owner.handle(.executed) == .goOn(from: Position(6)))
        _ = owner.handle(.batch(end: Position(7)))
        #expect(owner.handle(stolen) == .askAssignment)
        #expect(owner.handle(.unassigned) == .wait)
    }

    @Test("notices by a look without rows that the sink was set back")
    func quietTopic() {
        var owner = ready()
        #expect(owner.handle(.batch(end: Position(5))) == .watch)
        #expect(owner.handle(at(5)) == .goOn(from: Position(5)))
        #expect(owner.handle(.batch(end: Position(5))) == .watch)
        #expect(owner.handle(at(2)) == .resume(Position(2)))
    }

    @Test("stops where the generation has no checkpoint, or the log has gone on without it")
    func obstacles() {
        var claiming = CheckpointOwner()
        _ = claiming.handle(.assigned(mine))
        #expect(claiming.handle(.watched(nil)) == .stop(.hasNoCheckpoint))
        var committing = ready()
        _ = committing.handle(.batch(end: Position(6)))
        #expect(committing.handle(.watched(nil)) == .stop(.hasNoCheckpoint))
        var owner = ready()
        #expect(owner.handle(.isOutsideLog) == .stop(.isOutsideLog(Position(5))))
    }

    @Test("leaves when its transactions fail again and again")
    func contention() {
        var owner = ready()
        _ = owner.handle(.batch(end: Position(6)))
        for attempt in 1...CheckpointOwner.greatestAttempts {
            _ = owner.handle(at(5))
            #expect(owner.handle(.aborted) == .watchAgain(attempt: attempt))
        }
        _ = owner.handle(at(5))
        #expect(owner.handle(.aborted) == .leave(.isContended))
    }
}
