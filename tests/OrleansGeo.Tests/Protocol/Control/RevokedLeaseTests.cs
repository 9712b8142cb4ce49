using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>One region's control plane against three acceptors, by hand: its lease is revoked while it holds it.</summary>
public sealed class RevokedLeaseTests
{
    private static readonly RegionId A = new("a"), B = new("b"), C = new("c");
    private static readonly ShardMap Map = new(new([A, B, C]), 1, 1);

    private readonly Dictionary<(string Register, RegionId Region), AcceptorState> _acceptors = [];
    private readonly RegionControl _control = new(new() { Self = A, Map = Map, Boot = 1 }, WorldTopology.Initial(Map), TimeSpan.Zero);

    /// <summary>Time alone keeps it from acting any longer, as long as clocks keep to their margin. This is what keeps it from acting again under that generation.</summary>
    [Fact]
    public void No_renewal_survives_a_revocation()
    {
        var now = TimeSpan.Zero;
        Settle(now);
        var revoked = _control.Generation;
        Assert.True(_control.MayAct(now));
        Revoke();

        // The renewal meets the revocation, waits a little, and tries again; all well within what was left of the lease.
        now += _control.Config.RenewalInterval;
        for (var end = now + _control.Config.RenewalInterval; now < end; now += _control.Config.Backoff)
        {
            Settle(now);
        }

        Assert.True(_control.Generation > revoked, $"it still holds generation {revoked}");
        Assert.Equal(_control.Generation, _control.Topology.StateOf(A).Generation);
    }

    /// <summary>Does what is due, and delivers everything that is sent.</summary>
    private void Settle(TimeSpan now)
    {
        _control.Tick(now);
        while (_control.TakeMessages() is { Count: > 0 } messages)
        {
            foreach (var ask in messages.OfType<ControlMessage.ToAcceptors>())
            {
                foreach (var region in Map.Regions.All)
                {
                    _control.Received(region, ask.Register, ask.Message, Take(region, ask.Register, ask.Message), now);
                }
            }
        }
    }

    private void Revoke()
    {
        var register = RegisterNames.LeaseOf(A);
        var proposer = new RegisterProposer(new(3), B, 2);
        RegisterStep step = RegisterStep.Conflict.Instance;
        while (step is not RegisterStep.Done)
        {
            var message = step is RegisterStep.Send send ? send.Message : proposer.Begin(static bytes => (LeaseValue.Decode(bytes) with { IsHeld = false }).Encode());
            step = proposer.Receive(B, message, Take(B, register, message));
            step = step is RegisterStep.Wait ? proposer.Receive(C, message, Take(C, register, message)) : step;
        }
    }

    private RegisterReply Take(RegionId region, string register, RegisterMessage message)
    {
        var granted = AcceptorRules.Take(_acceptors.GetValueOrDefault((register, region), AcceptorState.Empty), message, out var next);
        _acceptors[(register, region)] = next;
        return new(granted, next, TimeSpan.Zero);
    }
}
