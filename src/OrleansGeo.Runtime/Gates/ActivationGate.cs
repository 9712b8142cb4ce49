using System.Diagnostics;

namespace OrleansGeo.Runtime.Gates;

/// <summary>
/// The input gate of one user's object: one writer, or any number of readers, in the order in which they came; and beside them requests whose author said
/// that they interleave. Used only on the activation's own scheduler, one thread at a time; it needs no lock.
/// </summary>
internal sealed class ActivationGate
{
    private readonly Queue<Waiter> _waiters = new();
    private TaskCompletionSource? _empty;
    private TaskCompletionSource? _noneWrites;
    private int _readers;
    private int _beside;
    private int _besideWriters;
    private bool _hasWriter;

    /// <summary>The object was replaced: whoever waits, and whoever comes, goes to the new one.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Requests that interleave are inside.</summary>
    public bool HasBeside => _beside > 0;

    /// <summary>Of those, some may write.</summary>
    public bool HasBesideWriters => _besideWriters > 0;

    public bool HasReaders => _readers > 0;

    /// <summary>Whether nobody but the one who asks, a writer or one beside, is inside.</summary>
    public bool IsAlone(bool isBeside) => isBeside ? !_hasWriter && _readers == 0 && _beside == 1 : _beside == 0;

    /// <summary>A writer could come in at once.</summary>
    public bool IsFree => !_hasWriter && _readers == 0 && _waiters.Count == 0;

    private bool IsEmpty => !_hasWriter && _readers == 0 && _beside == 0;

    /// <summary>Enters with other readers if nobody waits and no writer is inside.</summary>
    public bool TryEnterShared()
    {
        if (_hasWriter || IsClosed || _waiters.Count > 0)
        {
            return false;
        }

        _readers++;
        return true;
    }

    /// <summary>Enters alone if nobody is inside or waits.</summary>
    public bool TryEnterExclusive()
    {
        if (_hasWriter || IsClosed || _readers > 0 || _waiters.Count > 0)
        {
            return false;
        }

        return _hasWriter = true;
    }

    /// <summary>Enters alone.</summary>
    /// <returns>False: the gate was closed.</returns>
    public ValueTask<bool> EnterExclusiveAsync() => TryEnterExclusive() ? new(true) : IsClosed ? new(false) : new(Wait(isWriter: true));

    /// <summary>Enters beside whatever is inside.</summary>
    /// <param name="writes">It is a request that may write, or a tick.</param>
    /// <returns>False: the gate was closed.</returns>
    public bool TryEnterBeside(bool writes)
    {
        if (IsClosed)
        {
            return false;
        }

        _beside++;
        _besideWriters += writes ? 1 : 0;
        return true;
    }

    public void ExitShared()
    {
        Debug.Assert(_readers > 0, "A request that leaves was inside.");
        _readers--;
        Left();
    }

    public void ExitExclusive()
    {
        Debug.Assert(_hasWriter, "No writer is inside.");
        _hasWriter = false;
        Left();
    }

    public void ExitBeside(bool writes)
    {
        Debug.Assert(_beside > 0, "A request that leaves was inside.");
        _beside--;
        if (writes && --_besideWriters == 0)
        {
            _noneWrites?.TrySetResult();
            _noneWrites = null;
        }

        Left();
    }

    /// <summary>Completes when none of those that run beside others may write. Nobody is kept out: they may wait for one that comes.</summary>
    public Task WhenNoneWritesBesideAsync() => HasBesideWriters ? (_noneWrites ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;

    /// <summary>The writer goes on as a reader: it prepared the state for itself and for the readers behind it.</summary>
    public void Downgrade()
    {
        Debug.Assert(_hasWriter, "No writer is inside.");
        _hasWriter = false;
        _readers++;
        Admit();
    }

    /// <summary>Nobody enters any more; who is inside finishes.</summary>
    public void Close()
    {
        IsClosed = true;
        while (_waiters.TryDequeue(out var waiter))
        {
            waiter.SetResult(false);
        }
    }

    /// <summary>Completes once the gate is closed and nobody is inside any more.</summary>
    public Task WhenLeftAsync()
    {
        Debug.Assert(IsClosed, "Others may still come.");
        return IsEmpty ? Task.CompletedTask : (_empty ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    private Task<bool> Wait(bool isWriter)
    {
        var waiter = new Waiter(isWriter);
        _waiters.Enqueue(waiter);
        return waiter.Task;
    }

    private void Left()
    {
        if (IsClosed && IsEmpty)
        {
            _empty?.TrySetResult();
        }

        Admit();
    }

    private void Admit()
    {
        while (!_hasWriter && _waiters.TryPeek(out var next) && (!next.IsWriter || _readers == 0))
        {
            _waiters.Dequeue();
            if (next.IsWriter)
            {
                _hasWriter = true;
            }
            else
            {
                _readers++;
            }

            next.SetResult(true);
        }
    }

    private sealed class Waiter(bool isWriter) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public bool IsWriter { get; } = isWriter;
    }
}
