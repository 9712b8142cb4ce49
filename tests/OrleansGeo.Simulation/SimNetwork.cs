using System.Runtime.CompilerServices;

namespace OrleansGeo.Simulation;

/// <summary>Messages between regions: late, lost, doubled, out of order; a link can be cut one way.</summary>
internal sealed class SimNetwork(SimWorld world) : ITraced
{
    private readonly bool[,] _cut = new bool[world.Config.Regions, world.Config.Regions];

    public bool IsTracing => world.IsTracing;

    public void SetCut(int from, int to, bool cut) => _cut[from, to] = cut;

    public void Heal() => Array.Clear(_cut);

    public void Send(int from, int to, [InterpolatedStringHandlerArgument("")] TraceText what, Action deliver) => Send(from, to, what.Text, deliver);

    public void Send(int from, int to, string what, Action deliver)
    {
        var chance = world.Chance;
        var copies = !world.IsQuiet && from != to && chance.Percent(world.Config.DuplicatePercent) ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            if (from != to && (_cut[from, to] || (!world.IsQuiet && chance.Percent(world.Config.LossPercent))))
            {
                world.Trace($"{world.NameOf(from)} -> {world.NameOf(to)}: {what} lost");
                continue;
            }

            world.Trace($"{world.NameOf(from)} -> {world.NameOf(to)}: {what}");
            var delay = from == to ? chance.Between(10, 500) : chance.Percent(3) ? chance.Between(5_000, 200_000) : chance.Between(1_000, 12_000);
            world.Events.After(delay, () => world.Regions[to].Run(() =>
            {
                // A message that was under way when the link was cut may still arrive; one to a region that is down may not.
                if (world.Regions[to].IsUp)
                {
                    deliver();
                }
            }));
        }
    }
}
