using OrleansGeo.Protocol.Registers;

namespace OrleansGeo.Protocol.Control;

/// <summary>Changes one register, however often that takes: attempts, time-outs, and a growing pause with jitter when somebody else proposes.</summary>
/// <remarks>It never stays busy for something that throws: the change, which may not be able to read the present value, or what is told how it ended.</remarks>
internal sealed class RegisterClient(string register, ControlConfig config, Action<string, RegisterMessage> send)
{
    private const int LongestBackoff = 16;

    private readonly RegisterProposer _proposer = new(config.Map.Regions.Quorums, config.Self, config.Boot);
    private Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?>? _change;
    private Action<RegisterOutcome>? _done;
    private Action<Exception, TimeSpan>? _failed;
    private TimeSpan _began;
    private TimeSpan _due;
    private TimeSpan? _until;
    private int _conflicts;
    private ulong _chance = Seed(register, config);

    public bool IsBusy => _change is not null;

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public TimeSpan? Due => !IsBusy ? null : _until < _due ? _until : _due;

    /// <param name="change">See <see cref="RegisterProposer.Begin"/>.</param>
    /// <param name="done">Told once, how it ended.</param>
    /// <param name="failed">Told that the change threw, instead, or that <paramref name="done"/> did; and when. If the change was attempted before, it may have been made.</param>
    /// <param name="now">The process's monotonic time.</param>
    /// <param name="until">When it is given up, and nothing is told: it is of no use any more. Null: never.</param>
    public void Start(
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> change, Action<RegisterOutcome> done, Action<Exception, TimeSpan> failed, TimeSpan now, TimeSpan? until = null)
    {
        (_change, _done, _failed, _conflicts, _until) = (change, done, failed, 0, until);
        Attempt(now);
    }

    public void Tick(TimeSpan now)
    {
        if (IsBusy && now >= _until)
        {
            Abandon();
        }

        if (IsBusy && now >= _due)
        {
            _proposer.Abandon();
            Attempt(now);
        }
    }

    /// <summary>Somebody else changed the register: a promise that was held for the next ballot holds no more, and trying it would cost a round trip.</summary>
    public void Forget()
    {
        if (!IsBusy)
        {
            _proposer.Abandon();
        }
    }

    /// <summary>Forgets the change. It may still happen.</summary>
    public void Abandon()
    {
        _proposer.Abandon();
        (_change, _done, _failed) = (null, null, null);
    }

    public void Receive(RegionId from, RegisterMessage message, RegisterReply reply, TimeSpan now)
    {
        switch (_proposer.Receive(from, message, reply))
        {
            case RegisterStep.Send next:
                _due = now + config.AttemptTimeout;
                send(register, next.Message);
                break;
            case RegisterStep.Conflict:
                _due = now + Pause();
                break;
            case RegisterStep.Failed failure:
                End().Failed(failure.Exception, now);
                break;
            case RegisterStep.Done outcome:
                var (done, failed) = End();
                try
                {
                    done(new(outcome.Value, outcome.Changed, _began));
                }
                catch (Exception exception)
                {
                    failed(exception, now);
                }

                break;
        }
    }

    private (Action<RegisterOutcome> Done, Action<Exception, TimeSpan> Failed) End()
    {
        var told = (_done!, _failed!);
        (_change, _done, _failed) = (null, null, null);
        return told;
    }

    private void Attempt(TimeSpan now)
    {
        _began = now;
        _due = now + config.AttemptTimeout;
        send(register, _proposer.Begin(_change!));
    }

    /// <summary>Another one in every region, even if their boots are numbered alike.</summary>
    private static ulong Seed(string register, ControlConfig config)
    {
        var seed = (ulong)config.Boot ^ 0xCBF29CE484222325UL;
        foreach (var letter in config.Self.Name.Concat(register))
        {
            seed = (seed ^ letter) * 0x100000001B3UL;
        }

        return seed;
    }

    /// <summary>Between half of and the whole of a pause that doubles, so that two proposers do not meet again and again.</summary>
    private TimeSpan Pause()
    {
        _chance += 0x9E3779B97F4A7C15UL;
        var mixed = (_chance ^ (_chance >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed ^= mixed >> 27;
        var pause = config.Backoff * Math.Min(LongestBackoff, 1 << Math.Min(_conflicts++, 4));
        return pause * (0.5 + ((mixed >> 11) * (0.5 / (1UL << 53))));
    }
}
