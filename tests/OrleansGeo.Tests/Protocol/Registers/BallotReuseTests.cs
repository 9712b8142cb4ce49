using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Tests.Protocol.Control;

namespace OrleansGeo.Tests.Protocol.Registers;

/// <summary>
/// A region restarts and uses a ballot of its earlier run again. Two rules stand against it, and each suffices: another boot id makes it another
/// ballot, and an acceptor refuses to prepare a ballot that it promised already.
/// </summary>
public sealed class BallotReuseTests
{
    private static readonly RegionId A = new("a"), B = new("b"), C = new("c");

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_decided_value_outlives_an_accept_of_an_earlier_run(bool bootsAreEqual, bool equalPrepareIsGranted) =>
        Assert.Equal("second", Run(new() { BootsAreEqual = bootsAreEqual, EqualPrepareIsGranted = equalPrepareIsGranted }));

    [Fact]
    public void Without_both_rules_two_values_share_a_ballot() => Assert.Contains(
        "two values under ballot",
        Assert.Throws<Violation>(static () => Run(new() { BootsAreEqual = true, EqualPrepareIsGranted = true })).Message,
        StringComparison.Ordinal);

    /// <summary>The first run of A prepared and sent its accept. The second run writes by way of B and C, and then that accept arrives at A.</summary>
    /// <returns>What B reads afterwards from A and itself.</returns>
    private static string Run(RegisterRules rules)
    {
        var states = new Dictionary<RegionId, AcceptorState> { [A] = AcceptorState.Empty, [B] = AcceptorState.Empty, [C] = AcceptorState.Empty };
        var book = new RegisterBook("register", 2, static (earlier, _) => earlier.IsEmpty ? null : "it is another one");
        RegisterStep Send(RegisterProposer proposer, RegisterMessage message, params RegionId[] acceptors)
        {
            RegisterStep step = RegisterStep.Wait.Instance;
            foreach (var acceptor in acceptors)
            {
                var granted = rules.Take(states[acceptor], message, out var next);
                states[acceptor] = next;
                if (granted && message is RegisterMessage.Accept accept)
                {
                    book.Accepted(acceptor, accept);
                }

                step = proposer.Receive(acceptor, message, new(granted, next, TimeSpan.Zero)) is var taken and not RegisterStep.Wait ? taken : step;
            }

            return step;
        }

        RegisterStep Change(RegisterProposer proposer, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> change, params RegionId[] acceptors)
        {
            var step = Send(proposer, proposer.Begin(change), acceptors);
            return step is RegisterStep.Conflict ? Send(proposer, proposer.Begin(change), acceptors) : step;
        }

        var delayed = Assert.IsType<RegisterStep.Send>(Change(rules.Start(A, 2, 1), static _ => TestRegister.Bytes("first"), B, C));
        var second = rules.Start(A, 2, 2);
        var accept = Assert.IsType<RegisterStep.Send>(Change(second, static _ => TestRegister.Bytes("second"), B, C));
        Assert.True(Assert.IsType<RegisterStep.Done>(Send(second, accept.Message, B, C)).Changed);
        Send(second, delayed.Message, A);

        var reader = rules.Start(B, 2, 3);
        var finish = Assert.IsType<RegisterStep.Send>(Change(reader, static _ => null, A, B));
        return TestRegister.Text(Assert.IsType<RegisterStep.Done>(Send(reader, finish.Message, A, B)).Value);
    }
}
