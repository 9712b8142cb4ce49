namespace OrleansGeo.Simulation.Stores;

/// <summary>
/// The way to a disk: calls take effect in order and later than they were made, and may fail before or after their effect, which the
/// caller cannot tell apart. A crash lets some of what is under way take effect and drops the rest.
/// </summary>
internal sealed class StoreQueue(SimWorld world, int region)
{
    private readonly Queue<Call> _calls = new();
    private long _lastEffect;

    public bool Full { get; set; }

    public void Submit<T>(Func<bool> alive, string what, bool writes, Func<T> effect, Action<T> done, Action failed)
    {
        var chance = world.Chance;
        var percent = world.IsQuiet ? 0 : world.Config.StoreFailPercent;
        var failsBefore = chance.Percent(percent);
        var failsAfter = !failsBefore && chance.Percent(percent);
        T? result = default;
        var call = new Call(() =>
        {
            if (!failsBefore && !(writes && Full))
            {
                result = effect();
                if (world.IsTracing)
                {
                    world.Trace($"{world.NameOf(region)} disk: {what} -> {result}{(failsAfter ? " (not reported)" : "")}");
                }

                return true;
            }

            return false;
        });
        _calls.Enqueue(call);
        _lastEffect = Math.Max(_lastEffect, world.Events.Now + chance.Between(50, chance.Percent(5) ? 30_000 : 2_000));
        world.Events.After(_lastEffect - world.Events.Now, () =>
        {
            if (call.IsDropped)
            {
                return;
            }

            _calls.Dequeue();
            var took = call.Effect();
            world.Events.After(chance.Between(10, 500), () =>
            {
                if (!alive())
                {
                    return;
                }

                if (took && !failsAfter)
                {
                    done(result!);
                }
                else
                {
                    failed();
                }
            });
        });
    }

    public void Crash()
    {
        var survive = world.Chance.Below(_calls.Count + 1);
        while (_calls.TryDequeue(out var call))
        {
            call.IsDropped = true;
            if (survive-- > 0)
            {
                call.Effect();
            }
        }
    }

    private sealed class Call(Func<bool> effect)
    {
        public Func<bool> Effect => effect;

        public bool IsDropped { get; set; }
    }
}
