using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Replay;

/// <summary>Sends the flights through a running world, then verifies every total in every region.</summary>
internal static class FlightReplay
{
    /// <exception cref="WorldException">A write was refused, or the deadline passed.</exception>
    public static async Task<ReplayResult> RunAsync(
        ReplayInput input, IReadOnlyList<ReadyRegion> regions, IReplayProgress progress, TimeProvider time, CancellationToken cancellationToken)
    {
        await EnsureWorldAnswersAsync(regions, time, cancellationToken);
        using var deadline = new CancellationTokenSource(input.Deadline, time);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var world = new WorldClient(regions, FlightSender.InFlightPerRegion, time);
        var plan = ReplayPlan.Create(input.Flights, input.Longitudes, regions.Count);
        var sender = new FlightSender(world, time);
        var verifying = false;
        try
        {
            var started = time.GetTimestamp();
            var sending = sender.SendAsync(plan, running.Token);
            await progress.ShowAsync(() => new(sender.Acknowledged, plan.WriteCount, world.Retries), sending);
            var latencies = await sending;
            var took = time.GetElapsedTime(started);
            var retries = world.Retries;
            verifying = true;
            progress.Say($"All {plan.WriteCount} writes are acknowledged. Reading {plan.Expected.Count} airports from {regions.Count} regions …");
            var verifications = await new Verifier(world, input.CatchUp, time).VerifyAsync(plan.Expected, running.Token);
            return new(input.Flights.Length, sender.Acknowledged, retries, took, latencies, [.. verifications]);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw WorldException.Failure(
                $"The deadline of {input.Deadline.TotalSeconds:0} s passed {(verifying ? "while verifying" : "while writing")}: {sender.Acknowledged} of {plan.WriteCount} "
                + $"writes acknowledged, {world.Retries} retries. Is a region down? Otherwise give a longer --deadline and repeat: nothing counts twice.");
        }
    }

    /// <summary>One region that is down is what the replay copes with; all of them mean that it was pointed at a world of yesterday.</summary>
    private static async Task EnsureWorldAnswersAsync(IReadOnlyList<ReadyRegion> regions, TimeProvider time, CancellationToken cancellationToken)
    {
        using var probe = new ReadyProbe(time);
        var live = await Task.WhenAll(regions.Select(region => probe.IsLiveAsync(region.Url, cancellationToken)));
        if (!live.Contains(true))
        {
            throw WorldException.Failure(
                $"No region of the world answers ({string.Join(", ", regions.Select(static region => region.Url))}): is it running? Start it with 'run'.");
        }
    }
}
