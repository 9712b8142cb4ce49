using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>Regions' control planes over a simulated network, on one virtual time, each with its own clock. Every step is judged by a <see cref="ControlJudge"/>.</summary>
internal sealed partial class ControlWorld
{
    private readonly ControlWorldConfig _config;
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly WorldRegion[] _regions;
    private readonly WorldLink[,] _links;
    private readonly List<WorldRegion> _rivals = [];
    private readonly ControlJudge _judge;
    private long _order;

    public ControlWorld(ControlWorldConfig config)
    {
        _config = config;
        Random = new(unchecked((int)(config.Seed * 2654435761)));
        var regions = new WorldRegions([.. Enumerable.Range(0, config.Regions).Select(static i => new RegionId($"region-{(char)('a' + i)}"))]);
        Map = new(regions, 6, 1, config.Preferences);
        _regions = [.. regions.All.Select(id => new WorldRegion(id) { Acceptor = config.Acceptor() })];
        _links = new WorldLink[config.Regions, config.Regions];
        for (var from = 0; from < config.Regions; from++)
        {
            for (var to = 0; to < config.Regions; to++)
            {
                _links[from, to] = from == to ? new() { Delay = TimeSpan.FromMilliseconds(1) } : new() { Delay = config.Delay, Jitter = config.Jitter };
            }
        }

        _judge = new(this, config.Acts);
    }

    public Random Random { get; }

    public bool IsStoreShared => _config.IsStoreShared;

    public ShardMap Map { get; }

    public TimeSpan Now { get; private set; }

    public IReadOnlyList<WorldRegion> Regions => _regions;

    /// <summary>The present run of every region, and the earlier ones that nobody ended.</summary>
    public IEnumerable<WorldRegion> Runs => _regions.Concat(_rivals);

    public ControlJudge Judge => _judge;

    /// <summary>What was sent to acceptors, by kind.</summary>
    public Dictionary<Type, int> Sent { get; } = [];

    public WorldRegion this[int region] => _regions[region];

    public WorldLink Link(int from, int to) => _links[from, to];

    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, _order++));

    public void RunFor(TimeSpan duration) => RunUntil(static () => false, duration);

    /// <summary>Runs until it holds, or for so long.</summary>
    /// <returns>Whether it came to hold.</returns>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Now + limit;
        while (!condition())
        {
            if (!_events.TryPeek(out _, out var next) || next.At > end)
            {
                Now = end;
                return condition();
            }

            Now = next.At;
            _events.Dequeue()();
            _judge.Step();
        }

        return true;
    }

    /// <summary>Gives a region's control plane an input, then sends what it wants and arms its timer.</summary>
    public void Touch(WorldRegion region, Action<RegionControl, TimeSpan> input)
    {
        if (region.Control is not { } control)
        {
            return;
        }

        input(control, region.Local(Now));
        if (control.Due <= region.Local(Now))
        {
            control.Tick(region.Local(Now));
        }

        foreach (var message in control.TakeMessages())
        {
            Send(region, message);
        }

        if (control.IsSuperseded)
        {
            After(_config.Delay, () => Replace(region, control));
        }

        Violation.Unless(control.Due > region.Local(Now), $"{region.Id} spins: it is due at {control.Due} and it is {region.Local(Now)}");
        var wake = ++region.Wake;
        After(region.Global(control.Due) - Now, () =>
        {
            if (region.Wake == wake)
            {
                Process(region, region.Run, () => Touch(region, static (control, now) => control.Tick(now)));
            }
        });
    }

    /// <summary>A run that ended for good makes way for a new one, where it is that which the region's cluster knows.</summary>
    private void Replace(WorldRegion region, RegionControl superseded)
    {
        if (region.Control == superseded && _regions.Contains(region))
        {
            Crash(IndexOf(region));
            Start(IndexOf(region));
        }
    }

    private void Send(WorldRegion from, ControlMessage message)
    {
        for (var to = 0; to < _regions.Length; to++)
        {
            // The own store is reached by each run of the region; the other regions reach one of them.
            var target = to == IndexOf(from) ? from : _regions[to];
            if (message is ControlMessage.ToAcceptors request)
            {
                Sent[request.Message.GetType()] = Sent.GetValueOrDefault(request.Message.GetType()) + 1;
                var run = from.Run;
                Transmit(IndexOf(from), to, () => Process(target, null, () => Ask(from, run, target, request.Register, request.Message)));
            }
            else if (message is ControlMessage.News news && target != from)
            {
                Transmit(IndexOf(from), to, () => Process(target, target.Run, () => Touch(target, (control, now) => control.Heard(news.Topology, now))));
            }
        }
    }

    private void Ask(WorldRegion from, int run, WorldRegion target, string register, RegisterMessage message)
    {
        var reply = target.Acceptor.Take(register, message, target.Local(Now));
        if (reply.Granted && message is RegisterMessage.Accept accept)
        {
            _judge.Accepted(target.Id, register, accept);
            Touch(target, (control, now) => control.Observed(register, reply.State, now));
        }

        Transmit(IndexOf(target), IndexOf(from), () => Process(from, run, () => Touch(from, (control, now) => control.Received(target.Id, register, message, reply, now))));
    }

    private int IndexOf(WorldRegion region) => Map.Regions.IndexOf(region.Id);

    private void Transmit(int from, int to, Action deliver)
    {
        var link = _links[from, to];
        var copies = Random.NextDouble() < link.Duplication ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            if (!link.IsCut && Random.NextDouble() >= link.Loss)
            {
                After(link.Delay + (link.Jitter * Random.NextDouble()), () =>
                {
                    if (!link.IsCut)
                    {
                        deliver();
                    }
                });
            }
        }
    }

    /// <summary>A region does something: unless it is down, or has restarted since; later, if it stands still.</summary>
    private static void Process(WorldRegion region, int? run, Action action)
    {
        if (region.Control is null || (run is { } expected && expected != region.Run))
        {
            return;
        }

        if (region.IsStalled)
        {
            region.Inbox.Enqueue(() => Process(region, run, action));
        }
        else
        {
            action();
        }
    }
}
