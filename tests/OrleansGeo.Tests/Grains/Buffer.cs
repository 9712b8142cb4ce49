using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.buffer")]
[GeoGrain(Durability.Quorum)]
public sealed class Buffer([PersistentState("buffer", "geo")] IPersistentState<LedgerState> buffer, CallLog log) : Grain, IBuffer
{
    private readonly List<string> _pending = [];

    public Task Add(string text)
    {
        _pending.Add(text);
        return Task.CompletedTask;
    }

    public Task FlushByTimer(string note, string barrier)
    {
        this.RegisterGrainTimer(
            async () =>
            {
                await FlushAsync();
                log.Calls.Enqueue(note);
                await Barriers.Of(barrier).PassAsync();
            },
            new() { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan });
        return Task.CompletedTask;
    }

    public Task WriteInBackground(string text, string barrier)
    {
        _ = WriteLaterAsync(text, barrier);
        return Task.CompletedTask;
    }

    public Task WriteInPool(string text, string barrier)
    {
        _ = Task.Run(() => WriteLaterAsync(text, barrier));
        return Task.CompletedTask;
    }

    public async Task<string> StopThenAnswer(string barrier, int bytes)
    {
        await Barriers.Of(barrier).PassAsync();
        return new string('x', bytes);
    }

    public async Task StopThenTell(string barrier, string diary, string text)
    {
        await Barriers.Of(barrier).PassAsync();
        await GrainFactory.GetGrain<IDiary>(diary).Append(text);
    }

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<string[]> Read() => Task.FromResult(buffer.State.Lines.ToArray());

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _pending.Count > 0 ? FlushAsync() : Task.CompletedTask;

    private async Task FlushAsync()
    {
        buffer.State.Lines.AddRange(_pending);
        await buffer.WriteStateAsync();
        _pending.Clear();
    }

    private async Task WriteLaterAsync(string text, string barrier)
    {
        await Barriers.Of(barrier).PassAsync();
        try
        {
            buffer.State.Lines.Add(text);
            await buffer.WriteStateAsync();
            log.Calls.Enqueue($"{text} is written");
        }
        catch (Exception exception)
        {
            log.Calls.Enqueue($"{text} is refused: {exception.GetType().Name}");
        }
    }
}
