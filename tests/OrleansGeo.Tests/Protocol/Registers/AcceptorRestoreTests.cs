using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Tests.Protocol.Control;

namespace OrleansGeo.Tests.Protocol.Registers;

/// <summary>What an acceptor must remember again before it votes. Random schedules of it are in <see cref="RegisterScheduleTests"/>.</summary>
public sealed class AcceptorRestoreTests
{
    private static readonly RegionId A = new("a"), B = new("b"), C = new("c");

    [Fact]
    public void It_takes_the_decided_value_and_the_highest_promise()
    {
        var (old, decided, high) = (new Ballot(1, A, 1), new Ballot(2, B, 1), new Ballot(7, C, 1));
        var value = TestRegister.Bytes("x");
        var restored = AcceptorRestore.From([new(high, decided, value), new(decided, decided, value)], agreeing: 2);
        Assert.Equal((high, decided), (restored!.Promised, restored.Accepted));
        Assert.Null(AcceptorRestore.From([new(decided, decided, value), new(decided, old, value)], agreeing: 2));
        Assert.Null(AcceptorRestore.From([new(decided, decided, value)], agreeing: 2));
        Assert.Equal(AcceptorState.Empty, AcceptorRestore.From([AcceptorState.Empty, AcceptorState.Empty], agreeing: 2));
    }

    [Fact]
    public void A_promise_that_it_forgot_still_holds() => Run(AcceptorRestore.From);

    [Fact]
    public void Without_the_others_promises_a_decided_value_is_lost() => Assert.Contains(
        "lost or forked",
        Assert.Throws<Violation>(static () => Run(static (others, majority) => AcceptorRestore.From(others, majority) is { } state ? state with { Promised = state.Accepted } : null)).Message,
        StringComparison.Ordinal);

    /// <summary>B prepared with A and itself, then C with A and itself. A forgets both promises and is restored; then the two accepts arrive.</summary>
    private static void Run(Func<IReadOnlyCollection<AcceptorState>, int, AcceptorState?> restore)
    {
        var states = new Dictionary<RegionId, AcceptorState> { [A] = AcceptorState.Empty, [B] = AcceptorState.Empty, [C] = AcceptorState.Empty };
        var book = new RegisterBook("register", 2, static (earlier, later) => later.Span.StartsWith(earlier.Span) ? null : "a change is missing");

        RegisterStep Send(RegisterProposer proposer, RegisterMessage message, params RegionId[] acceptors)
        {
            RegisterStep step = RegisterStep.Wait.Instance;
            foreach (var acceptor in acceptors)
            {
                var granted = AcceptorRules.Take(states[acceptor], message, out var next);
                states[acceptor] = next;
                if (granted && message is RegisterMessage.Accept accept)
                {
                    book.Accepted(acceptor, accept);
                }

                step = proposer.Receive(acceptor, message, new(granted, next, TimeSpan.Zero)) is var taken and not RegisterStep.Wait ? taken : step;
            }

            return step;
        }

        RegisterMessage Prepared(RegisterProposer proposer, string change, params RegionId[] acceptors)
        {
            RegisterStep step;
            do
            {
                step = Send(proposer, proposer.Begin(present => TestRegister.Bytes(TestRegister.Text(present) + change)), acceptors);
            }
            while (step is RegisterStep.Conflict);
            return Assert.IsType<RegisterStep.Send>(step).Message;
        }

        var first = new RegisterProposer(new(3), A, 1);
        Send(first, Prepared(first, "1", A, B, C), A, B, C);
        var (second, third) = (new RegisterProposer(new(3), B, 2), new RegisterProposer(new(3), C, 3));
        var late = Prepared(second, "2", B, A);
        var other = Prepared(third, "3", C, A);

        states[A] = restore([states[B], states[C]], 2)!;
        var told = Send(second, late, A, B);
        Send(third, other, C, B);
        Assert.IsNotType<RegisterStep.Done>(told);
    }
}
