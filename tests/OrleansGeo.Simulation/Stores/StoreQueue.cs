using System.Runtime.CompilerServices;

namespace OrleansGeo.Simulation.Stores;

/// <summary>
/// The way to a disk: calls take effect in order and later than they were made, and may fail before or after their effect, which the
/// caller cannot tell apart. A crash lets some of what is under way take effect and drops the rest.
/// </summary>
internal sealed class StoreQueue(SimWorld world, int region) : ITraced
{
    private readonly Queue<Call> _calls = new();
    private long _lastEffect;

    public bool IsTracing => world.IsTracing;

    public bool Full { get; set; }

    /// <summary>Every call takes this much longer.</summary>
    public int SlowMicroseconds { get; set; }

    /// <summary>The region crashes right after this many effects from now, before anybody hears of the last one. 0: it does not.</summary>
    public int CrashAfterEffects { get; set; }

    /// <summary>Since when every write has failed; null when the last one did not.</summary>
    public long? FailingSince { get; private set; }

    public void Recover()
    {
        Full = false;
        SlowMicroseconds = 0;
        CrashAfterEffects = 0;
    }

    public void Submit<T>(Func<bool> alive, [InterpolatedStringHandlerArgument("")] TraceText what, bool writes, Func<T> effect, Action<T> done, Action failed) =>
        Submit(alive, what.Text, writes, effect, done, failed);

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
        _lastEffect = Math.Max(_lastEffect, world.Events.Now + SlowMicroseconds + chance.Between(50, chance.Percent(5) ? 30_000 : 2_000));
        world.Events.After(_lastEffect - world.Events.Now, () =>
        {
            if (call.IsDropped)
            {
                return;
            }

            _calls.Dequeue();
            var took = call.Effect();
            if (took && CrashAfterEffects > 0 && --CrashAfterEffects == 0)
            {
                world.Regions[region].Crash();
                return;
            }

            var delay = chance.Between(10, 500);
            world.Events.After(delay, () => world.Regions[region].Run(() =>
            {
                if (!alive())
                {
                    return;
                }

                FailingSince = took && !failsAfter ? (writes ? null : FailingSince) : FailingSince ?? world.Events.Now;
                if (took && !failsAfter)
                {
                    done(result!);
                }
                else
                {
                    failed();
                }
            }));
        });
    }

    public void Crash()
    {
        FailingSince = null;
        CrashAfterEffects = 0;
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
