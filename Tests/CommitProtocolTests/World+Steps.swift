@testable import CommitProtocol

extension World {
    /// All worlds that can be next when nothing more goes wrong.
    var progress: [World] {
        workers.indices.filter { !workers[$0].hasStopped }.flatMap { steps(of: $0) }
    }

    /// What one worker can do.
    private func steps(of index: Int) -> [World] {
        let worker = workers[index]
        var worlds: [World] = []
        if let notice = worker.notice { worlds.append(hearing(notice, index)) }
        switch worker.step {
        case .idle: worlds += batches(of: index)
        case .watch: worlds.append(watching(index))
        case .read: worlds += reading(index)
        case .load(let checkpoint): worlds.append(loading(checkpoint, index))
        case .write(let checkpoint, let isClaim): worlds += writing(checkpoint, isClaim, index)
        }
        return worlds
    }

    /// The next one or two rows; behind the last one a look, if there is something to see.
    private func batches(of index: Int) -> [World] {
        let worker = workers[index]
        guard worker.owner.phase == .ready else { return [] }
        let position = worker.owner.position
        let checkpoint = Checkpoint(owner: worker.owner.token, next: position)
        let isStale = sink.checkpoints[worker.partition] != checkpoint
        return (0...2).compactMap { size in
            let end = Position(position.offset + Int64(size))
            guard end.offset <= setup.rows, size > 0 || isStale else { return nil }
            return handing(.batch(end: end), to: index)
        }
    }

    // MARK: What the group does

    /// The worker hears whose its partition is: between two steps of its driver.
    private func hearing(_ isMine: Bool, _ index: Int) -> World {
        var world = self
        world.workers[index].notice = nil
        guard isMine else { return world.handing(.unassigned, to: index) }
        if world.workers[index].owner.phase == .released {
            return world.assigning(index)
        }
        return world
    }

    private func assigning(_ index: Int) -> World {
        var world = self
        world.tokens += 1
        return world.handing(
            .assigned(OwnerToken(high: 0, low: world.tokens)), to: index)
    }

    /// The partition goes to another worker, if there is one.
    private func moving(_ partition: Int) -> World? {
        let others = workers.indices.filter {
            workers[$0].partition == partition && $0 != assigned[partition]
                && !workers[$0].hasStopped
        }
        guard let heir = others.first else { return nil }
        var world = self
        world.workers[assigned[partition]].notice = false
        world.workers[heir].notice = true
        world.assigned[partition] = heir
        return world
    }

    // MARK: What the sink does

    /// A broken connection is noticed when it is used.
    private func noticingCut(_ index: Int) -> World? {
        guard workers[index].isCutOff else { return nil }
        var world = self
        world.workers[index].isCutOff = false
        return world.handing(.lost, to: index)
    }

    private func watching(_ index: Int) -> World {
        if let world = noticingCut(index) { return world }
        var world = self
        world.workers[index].isWatching = true
        world.workers[index].step = .read
        return world
    }

    private func reading(_ index: Int) -> [World] {
        if let world = noticingCut(index) { return [world] }
        let worker = workers[index]
        var checkpoint = sink.checkpoints[worker.partition]
        if case .committing = worker.owner.phase {
            if setup.without == .token { checkpoint.owner = worker.owner.token }
            if setup.without == .position { checkpoint.next = worker.owner.position }
        }
        return [handing(.watched(checkpoint), to: index)]
            + losingReply { $0 }.map { $0.handing(.lost, to: index) }
    }

    private func loading(_ checkpoint: Checkpoint, _ index: Int) -> World {
        if let world = noticingCut(index) { return world }
        var world = self
        world.workers[index].states = sink.applied
        world.workers[index].step = .write(checkpoint, isClaim: false)
        return world
    }

    private func writing(_ checkpoint: Checkpoint, _ isClaim: Bool, _ index: Int) -> [World] {
        if let world = noticingCut(index) { return [world] }
        guard workers[index].isWatching || setup.without == .watch else {
            return [handing(.aborted, to: index)]
        }
        let done = { (world: World) in world.written(checkpoint, isClaim, index) }
        return [done(self).handing(.executed, to: index)]
            + losingReply(done).map { $0.handing(.lost, to: index) }
            + losingReply { $0 }.map { $0.handing(.lost, to: index) }
    }

    private func losingReply(_ body: (World) -> World) -> [World] {
        guard faults.lostReplies > 0 else { return [] }
        var world = self
        world.faults.lostReplies -= 1
        return [body(world)]
    }

    /// Writes what the worker has: whole states, not changes of them.
    private func written(_ checkpoint: Checkpoint, _ isClaim: Bool, _ index: Int) -> World {
        var world = self
        world.remember()
        let partition = workers[index].partition
        if !isClaim, var states = workers[index].states {
            if sink.checkpoints[partition].owner != checkpoint.owner { world.wasTrespassed = true }
            let begin = Int(workers[index].owner.position.offset)
            for offset in begin..<Int(checkpoint.next.offset) { states[partition][offset] += 1 }
            if setup.isShared {
                world.sink.applied = states
            } else {
                world.sink.applied[partition] = states[partition]
            }
            world.workers[index].states = states
        }
        world.sink.checkpoints[partition] = checkpoint
        for other in workers.indices
        where setup.isShared && !isClaim || workers[other].partition == partition {
            world.workers[other].isWatching = false
        }
        return world
    }

    private mutating func remember() {
        if faults.rollbacks > 0 && !history.contains(sink) { history.append(sink) }
    }

    // MARK: What goes wrong

    /// All worlds in which one thing more goes wrong.
    var disasters: [World] {
        var worlds: [World] = []
        if faults.rebalances > 0 {
            for partition in assigned.indices {
                guard var world = moving(partition) else { continue }
                world.faults.rebalances -= 1
                worlds.append(world)
            }
        }
        if faults.crashes > 0 {
            for index in workers.indices { worlds.append(crashing(index)) }
        }
        if faults.rollbacks > 0 {
            for past in history { worlds.append(settingBack(to: past)) }
        }
        return worlds
    }

    /// A worker dies and starts again; its partition goes to another, or to itself.
    private func crashing(_ index: Int) -> World {
        var world = self
        world.faults.crashes -= 1
        world.workers[index] = Worker(partition: workers[index].partition)
        guard assigned[workers[index].partition] == index else { return world }
        if let moved = world.moving(workers[index].partition) {
            world = moved
        } else {
            world.workers[index].notice = true
        }
        return world
    }

    private func settingBack(to past: Sink) -> World {
        var world = self
        world.faults.rollbacks -= 1
        world.sink = past
        world.history = []
        for index in world.workers.indices {
            world.workers[index].isWatching = false
            world.workers[index].isCutOff = true
        }
        return world
    }

    // MARK: What the worker is told to do

    /// Hands an event to the worker and takes what it is going to do.
    private func handing(_ event: CommitEvent, to index: Int) -> World {
        var world = self
        let action = world.workers[index].owner.handle(event)
        if event == .lost || event == .aborted || event == .executed {
            world.workers[index].isWatching = false
        }
        world.workers[index].step = .idle
        switch action {
        case .wait: world.workers[index].states = nil
        case .goOn: break
        case .watch: world.workers[index].step = .watch
        case .watchAgain:
            world.workers[index].states = nil
            world.workers[index].step = .watch
        case .claim(let checkpoint):
            world.workers[index].step = .write(checkpoint, isClaim: true)
        case .commit(let checkpoint):
            let isLoading = setup.isShared || world.workers[index].states == nil
            world.workers[index].step =
                isLoading ? .load(checkpoint) : .write(checkpoint, isClaim: false)
        case .resume: world.workers[index].states = nil
        case .askAssignment: return world.answering(index)
        case .leave: return world.leaving(index)
        case .stop: world.workers[index].hasStopped = true
        }
        return world
    }

    private func answering(_ index: Int) -> World {
        var world = self
        world.workers[index].states = nil
        world.workers[index].notice = nil
        return assigned[workers[index].partition] == index
            ? world.assigning(index) : world.handing(.unassigned, to: index)
    }

    private func leaving(_ index: Int) -> World {
        var world = self
        world.workers[index] = Worker(partition: workers[index].partition)
        guard assigned[workers[index].partition] == index else { return world }
        if let moved = world.moving(workers[index].partition) { return moved }
        world.workers[index].notice = true
        return world
    }
}
