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
}
