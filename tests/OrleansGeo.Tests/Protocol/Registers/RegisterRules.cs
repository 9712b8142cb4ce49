using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Registers;

/// <summary>The rules of a register that a schedule goes without; none when it is made as it is.</summary>
internal sealed record RegisterRules
{
    /// <summary>By how much what proposers count as a majority is too few.</summary>
    public int MajorityOff { get; init; }

    /// <summary>What an acceptor still knows after a restart.</summary>
    public Func<AcceptorState, AcceptorState> Recall { get; init; } = static state => state;

    /// <summary>A proposer that restarts uses the ballots of its earlier run again.</summary>
    public bool BootsAreEqual { get; init; }

    /// <summary>An acceptor grants a prepare of the very ballot that it promised.</summary>
    public bool EqualPrepareIsGranted { get; init; }

    /// <summary>Now and then an acceptor's store goes back in time. One at a time: it knows that, and votes again when it was restored from the others.</summary>
    public bool StoresGoBack { get; init; }

    /// <summary>What such an acceptor takes from the others' states; null: not now.</summary>
    public Func<IReadOnlyCollection<AcceptorState>, int, AcceptorState?> Restore { get; init; } = AcceptorRestore.From;

    public RegisterProposer Start(RegionId region, int majority, int boot) => new(new((2 * majority) - 1), region, BootsAreEqual ? 1 : boot);

    public bool Take(AcceptorState state, RegisterMessage message, out AcceptorState next) =>
        AcceptorRules.Take(state, message, out next) || (EqualPrepareIsGranted && message is RegisterMessage.Prepare prepare && prepare.Ballot == state.Promised);
}
