using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

public abstract class RoomBase<TSelf>(IPersistentState<LedgerState> room) : Grain
    where TSelf : IRoom
{
    private readonly TaskCompletionSource _signal = new();

    public async Task<int> AppendThenStop(string text, string barrier)
    {
        var count = await Append(text);
        await Barriers.Of(barrier).PassAsync();
        return count;
    }

    public async Task<int> Append(string text)
    {
        room.State.Lines.Add(text);
        await room.WriteStateAsync();
        return room.State.Lines.Count;
    }

    public Task<int> AppendBeside(string text) => Append(text);

    public Task Wait() => _signal.Task;

    public Task Signal()
    {
        _signal.TrySetResult();
        return Task.CompletedTask;
    }

    public async Task Publish(string other, string text)
    {
        await Append($"{text} out");
        await GrainFactory.GetGrain<TSelf>(other).Append($"{text} in");
        await Append($"{text} done");
    }

    public Task Pad(int bytes)
    {
        room.State.Padding = new byte[bytes];
        return room.WriteStateAsync();
    }

    public Task ChangeThenThrow(string text)
    {
        room.State.Lines.Add(text);
        throw new InvalidTimeZoneException("as asked");
    }

    public async Task<string[]> ReadAfter(string barrier)
    {
        await Barriers.Of(barrier).PassAsync();
        return await Read();
    }

    public Task<int> Padding() => Task.FromResult(room.State.Padding.Length);

    public Task<string[]> Read() => Task.FromResult(room.State.Lines.ToArray());
}
