namespace OrleansGeo.Protocol.Seats;

/// <summary>
/// Runs a seat's steps, which are written in the order in which they happen: it goes on whenever what they wait for is there. One effect with an outcome is
/// under way at a time. A step that fails ends the steps, and they begin again.
/// </summary>
/// <param name="begin">The steps, for ever: they get the failure after which they begin again.</param>
internal sealed class SeatScript(Func<SeatStepFailedException?, IEnumerable<SeatWait>> begin)
{
    /// <summary>No time is due.</summary>
    public static readonly TimeSpan Never = TimeSpan.MaxValue;

    private readonly List<SeatEffect> _effects = [];
    private readonly Stack<IEnumerator<SeatWait>> _steps = new();
    private SeatWait _wait;
    private bool _hasNews = true;
    private TimeSpan _due;
    private long _numbers;
    private long _awaited;
    private object? _outcome;
    private SeatFailure? _failure;

    /// <summary>The region's monotonic time at this step.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>When the steps go on although nothing happened.</summary>
    public TimeSpan Due => _awaited != 0 ? Never : _due;

    /// <summary>The steps look at where the log here stands: its moves are news. Set before they look, so that no move is missed.</summary>
    public bool WatchesLog { get; set; }

    /// <summary>No further step is made.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Something may have changed that the steps look at.</summary>
    public void News() => _hasNews = true;

    /// <summary>The outcome of an effect. One that the steps do not wait for is news.</summary>
    public void Done(long number, object? outcome, SeatFailure? failure)
    {
        if (number == _awaited)
        {
            (_awaited, _outcome, _failure) = (0, outcome, failure);
        }
        else
        {
            _hasNews = true;
        }
    }

    public void End() => IsOver = true;

    /// <summary>Goes on as far as possible.</summary>
    /// <returns>What to do, in this order.</returns>
    public IReadOnlyList<SeatEffect> Run(TimeSpan now)
    {
        Now = now;
        if (_steps.Count == 0)
        {
            _steps.Push(begin(null).GetEnumerator());
        }

        while (!IsOver && _awaited == 0 && (_wait != SeatWait.News || _hasNews || now >= _due))
        {
            try
            {
                Step();
            }
            catch (SeatStepFailedException exception)
            {
                while (_steps.TryPop(out var failed))
                {
                    failed.Dispose();
                }

                _steps.Push(begin(exception).GetEnumerator());
                // What was news until now is looked at anyway, once the pause is over.
                (_wait, WatchesLog, _hasNews) = (SeatWait.Outcome, false, false);
            }
        }

        if (_effects.Count == 0)
        {
            return [];
        }

        var effects = _effects.ToArray();
        _effects.Clear();
        return effects;
    }

    /// <summary>To be yielded: makes these steps first.</summary>
    public SeatWait Do(IEnumerable<SeatWait> steps)
    {
        _steps.Push(steps.GetEnumerator());
        return SeatWait.Steps;
    }

    /// <summary>Wants something done that has no outcome.</summary>
    public void Tell(SeatEffect effect) => _effects.Add(effect);

    /// <summary>Wants something done whose outcome is not waited for here: it is an input.</summary>
    /// <returns>The number of the outcome.</returns>
    public long Begin(SeatEffect effect)
    {
        _effects.Add(effect with { Number = ++_numbers });
        return _numbers;
    }

    /// <summary>To be yielded: wants something done, and goes on with its outcome.</summary>
    public SeatWait Ask(SeatEffect effect)
    {
        _awaited = Begin(effect);
        return SeatWait.Outcome;
    }

    /// <summary>To be yielded: goes on at any input, or at a time.</summary>
    public SeatWait Until(TimeSpan due)
    {
        _due = due;
        return SeatWait.News;
    }

    /// <summary>The outcome of what was asked for.</summary>
    /// <exception cref="SeatStepFailedException">It failed.</exception>
    public T Outcome<T>() => _failure is { } failure ? throw new SeatStepFailedException(failure) : (T)_outcome!;

    /// <summary>It was done.</summary>
    /// <exception cref="SeatStepFailedException">It failed.</exception>
    public void Check() => Outcome<object?>();

    /// <summary>Whether it was done; the steps go on without it if not.</summary>
    public bool TryOutcome<T>(out T outcome)
    {
        outcome = _failure is null ? (T)_outcome! : default!;
        return _failure is null;
    }

    private void Step()
    {
        _hasNews &= _wait != SeatWait.News;
        _due = Never;
        var steps = _steps.Peek();
        if (steps.MoveNext())
        {
            _wait = steps.Current;
        }
        else
        {
            _steps.Pop().Dispose();
            _wait = SeatWait.Steps;
        }
    }
}
