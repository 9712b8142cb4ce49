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

    public RegisterProposer Start(RegionId region, int majority, int boot) => new(majority, region, BootsAreEqual ? 1 : boot);

    public bool Take(AcceptorState state, RegisterMessage message, out AcceptorState next) =>
        AcceptorRules.Take(state, message, out next) || (EqualPrepareIsGranted && message is RegisterMessage.Prepare prepare && prepare.Ballot == state.Promised);
}
