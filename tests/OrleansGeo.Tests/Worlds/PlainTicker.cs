using Orleans.Runtime;

namespace OrleansGeo.Tests.Worlds;

[GrainType("test.plainticker")]
public sealed class PlainTicker : Grain, IPlainTicker, IRemindable
{
    private int _ticks;

    public Task Register(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _ticks++;
        return Task.CompletedTask;
    }
}
