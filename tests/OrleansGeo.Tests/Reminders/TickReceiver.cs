using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Runtime;

namespace OrleansGeo.Tests.Reminders;

/// <summary>A grain factory, all of whose grains note their ticks here.</summary>
public class TickReceiver : DispatchProxy
{
    private readonly ConcurrentQueue<string> _ticks = new();

    public IEnumerable<string> Ticks => _ticks;

    public static (IGrainFactory Grains, TickReceiver Receiver) Create()
    {
        var grains = DispatchProxy.Create<IGrainFactory, TickReceiver>();
        return (grains, (TickReceiver)(object)grains);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => new Grain($"{args!.OfType<GrainId>().Single()}", _ticks);

    private sealed class Grain(string entity, ConcurrentQueue<string> ticks) : IRemindable
    {
        public Task ReceiveReminder(string reminderName, TickStatus status)
        {
            ticks.Enqueue($"{entity} {reminderName} {status.CurrentTickTime:HH:mm:ss}");
            return Task.CompletedTask;
        }
    }
}
