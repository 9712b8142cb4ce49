using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Registers;

public sealed class RegisterProposerTests
{
    private static readonly RegionId A = new("a"), B = new("b"), C = new("c");

    /// <summary>The C# trap: the type of <c>applies ? bytes : null</c> is an array, and a null array becomes an empty memory, not null.</summary>
    [Fact]
    public void A_change_that_does_not_apply_never_erases_the_register()
    {
        var register = new TestRegister(A, B, C);
        register.Write(A, "first");
        byte[]? nothing = null;
        var outcome = register.Run(B, _ => nothing);
        Assert.False(outcome.Changed);
        Assert.Equal("first", register.Read(C));
        Assert.False(register.Run(A, _ => nothing).Changed);
        Assert.Equal("first", register.Read(C));
    }

    /// <summary>Once it holds the promise for its next ballot, a proposer asks for a change of what it remembers before it asks anybody.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_change_that_throws_ends_and_leaves_the_proposer_free(bool hasPromise)
    {
        var proposer = new RegisterProposer(new(3), A, 1);
        var acceptors = new Dictionary<RegionId, AcceptorState> { [A] = AcceptorState.Empty, [B] = AcceptorState.Empty };
        if (hasPromise)
        {
            Assert.IsType<RegisterStep.Done>(Run(static _ => new byte[] { 1 }));
        }

        var failed = Assert.IsType<RegisterStep.Failed>(Run(static _ => throw new FormatException("Of a newer version.")));
        Assert.Equal("Of a newer version.", failed.Exception.Message);
        Assert.False(proposer.IsBusy);
        Assert.Equal([2], Assert.IsType<RegisterStep.Done>(Run(static _ => new byte[] { 2 })).Value.ToArray());

        RegisterStep Run(Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> change)
        {
            RegisterStep step = new RegisterStep.Send(proposer.Begin(change));
            while (step is RegisterStep.Send { Message: var message })
            {
                foreach (var region in acceptors.Keys)
                {
                    var granted = AcceptorRules.Take(acceptors[region], message, out var next);
                    acceptors[region] = next;
                    step = proposer.Receive(region, message, new(granted, next, TimeSpan.Zero));
                }
            }

            return step;
        }
    }
}
