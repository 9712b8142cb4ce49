using OrleansGeo.Protocol.Logs;
using OrleansGeo.World.Drills.Calls;

namespace OrleansGeo.World.Drills.Load;

/// <summary>The load: closed loops that write and read until they are told to stop, and note every answer.</summary>
internal sealed class DrillLoad(DrillRegions world, DrillPlan plan, DrillOptions options, DrillLog log, TimeProvider time)
{
    private const string Strong = "strong";
    private const string Local = "local";

    /// <summary>After every answer, so that a region which refuses at once is not flooded.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    private readonly List<Task> _loops = [];
    private CancellationTokenSource _stop = new();

    /// <summary>How often each loop asks, if it is answered in time.</summary>
    private TimeSpan Period => TimeSpan.FromSeconds((double)plan.RequestsPerRound / options.Rate);

    /// <param name="abort">Ends the loops without waiting for answers.</param>
    public void Start(CancellationToken abort)
    {
        _stop = new();
        var stop = _stop.Token;
        var place = 0;
        _loops.AddRange(plan.Writers.Select(writer => RepeatAsync(place++, () => WriteAsync(writer, abort), stop)));
        _loops.AddRange(plan.StrongReaders.Select(reader => RepeatAsync(place++, () => ReadStronglyAsync(reader.Target, reader.Through, abort), stop)));
        _loops.AddRange(plan.LocalReaders.Select(region => RepeatAsync(place++, ReadLocally(region, abort), stop)));
    }

    /// <summary>Lets every request that is under way have its answer.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        _loops.Clear();
        _stop.Dispose();
    }

    private async Task RepeatAsync(int place, Func<Task> once, CancellationToken stop)
    {
        await PauseAsync(Period * place / (plan.Writers.Length + plan.StrongReaders.Length + plan.LocalReaders.Length), stop);
        while (!stop.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            await once();
            var rest = Period - time.GetElapsedTime(started);
            await PauseAsync(rest > ShortestPause ? rest : ShortestPause, stop);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stop) =>
        await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task WriteAsync(DrillWriter writer, CancellationToken abort)
    {
        var sequence = writer.Next();
        var call = await world.WriteAsync(
            writer.Through, writer.Target.Path, writer.KeyOf(sequence), new { seq = sequence, writer = writer.Name }, abort);
        log.Add(new WriteRecord(writer, sequence, call with { Body = [] }));
    }

    private async Task ReadStronglyAsync(DrillTarget target, int through, CancellationToken abort)
    {
        var call = await world.ReadAsync(through, target.Path, Strong, abort);
        log.Add(new ReadRecord(target, through, true, call with { Body = [] }, false));
    }

    /// <summary>One reader per region, round all entities; it remembers what it saw, and must never see older.</summary>
    private Func<Task> ReadLocally(int region, CancellationToken abort)
    {
        var seen = new RecordVersion[plan.Targets.Length];
        var next = 0;
        return async () =>
        {
            for (var i = 0; i < DrillPlan.LocalReadsAtOnce; i++)
            {
                var index = next++ % plan.Targets.Length;
                var call = await world.ReadAsync(region, plan.Targets[index].Path, Local, abort);
                var wentBack = call.IsDone && call.Version < seen[index];
                seen[index] = call.IsDone ? call.Version : seen[index];
                log.Add(new ReadRecord(plan.Targets[index], region, false, call with { Body = [] }, wentBack));
            }
        };
    }
}
