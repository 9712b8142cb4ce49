using OrleansGeo.World.Replay;
using Spectre.Console;

namespace OrleansGeo.World.Cli;

/// <summary>The progress of the replay: a bar on a terminal, a line every few seconds in a file.</summary>
internal sealed class ReplayConsole(TimeProvider time) : IReplayProgress
{
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);

    public void Say(string line) => WorldConsole.Say(line);

    public Task ShowAsync(Func<ReplayCount> count, Task work) => WorldConsole.IsLive ? ShowBarAsync(count, work) : ShowLinesAsync(count, work);

    private Task ShowBarAsync(Func<ReplayCount> count, Task work) => WorldConsole.Out.Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            var bar = context.AddTask("flights", maxValue: count().Writes);
            while (!await EndsWithinAsync(work, BarInterval))
            {
                Update(bar, count());
            }

            Update(bar, count());
        });

    private static void Update(ProgressTask bar, ReplayCount count)
    {
        bar.Value = count.Acknowledged;
        bar.Description = $"{count.Acknowledged} of {count.Writes} writes, {count.Retries} retries";
    }

    private async Task ShowLinesAsync(Func<ReplayCount> count, Task work)
    {
        while (!await EndsWithinAsync(work, LineInterval))
        {
            var now = count();
            Say($"{now.Acknowledged} of {now.Writes} writes, {now.Retries} retries");
        }
    }

    private async Task<bool> EndsWithinAsync(Task work, TimeSpan wait)
    {
        using var done = new CancellationTokenSource();
        await Task.WhenAny(work, Task.Delay(wait, time, done.Token));
        await done.CancelAsync();
        return work.IsCompleted;
    }
}
