using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Registers;

/// <summary>
/// Changes one CASPaxos register (Rystsov 2018), one change at a time. Sticky: a proposer whose last change succeeded holds the promise
/// for its next ballot and needs one round trip; a change by somebody else costs it two again.
/// </summary>
/// <remarks>
/// <para>Pure. Not thread-safe. A change whose accept was sent and not answered by a majority may or may not have happened: the next
/// change reads what became of it.</para>
/// <para>The advance promise is sound: an acceptor that took ballot b together with the promise of b' held nothing above b then, and takes
/// nothing between b and b' later, so a majority of such answers is a completed prepare of b' that found b's value.</para>
/// </remarks>
internal sealed class RegisterProposer(Quorums quorums, RegionId self, long boot)
{
    private readonly Dictionary<RegionId, (Ballot Accepted, bool IsProven)> _granted = [];
    private Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?>? _change;
    private AcceptorState _highest = AcceptorState.Empty;
    private RegisterMessage? _message;
    private long _counter;
    private Ballot _promised;
    private ReadOnlyMemory<byte> _value;
    private bool _isChange;

    public bool IsBusy => _change is not null;

    /// <summary>Begins a change; the answer goes to every acceptor.</summary>
    /// <param name="change">
    /// The new value for the present one (empty before the first); null or empty: it does not apply, leave the register alone. May be asked
    /// more than once. If it throws (it cannot read the present value), it ends: <see cref="RegisterStep.Failed"/>.
    /// </param>
    public RegisterMessage Begin(Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> change)
    {
        if (IsBusy)
        {
            throw new InvalidOperationException("A proposer makes one change at a time.");
        }

        _change = change;
        try
        {
            if (_promised != Ballot.None && Changed(_value) is { } value)
            {
                return Accept(_promised, value, isChange: true);
            }
        }
        catch (Exception)
        {
            // As if it did not apply.
        }

        // What is remembered may be old: a change that does not apply to it may apply to the register.
        return Open(new RegisterMessage.Prepare(new(++_counter, self, boot)));
    }

    /// <summary>Takes a reply to <paramref name="message"/>. Late replies to earlier messages change nothing.</summary>
    public RegisterStep Receive(RegionId from, RegisterMessage message, RegisterReply reply)
    {
        _counter = Math.Max(_counter, Math.Max(reply.State.Promised.Counter, reply.State.Accepted.Counter));
        if (_change is null || !ReferenceEquals(message, _message))
        {
            return RegisterStep.Wait.Instance;
        }

        if (!reply.Granted)
        {
            // Whoever was promised instead goes first; a majority for this ballot may still be possible, but not worth the wait.
            Abandon();
            return RegisterStep.Conflict.Instance;
        }

        if (!_granted.TryAdd(from, (reply.State.Accepted, reply.IsProven)))
        {
            return RegisterStep.Wait.Instance;
        }

        if (message is RegisterMessage.Prepare && reply.State.Accepted > _highest.Accepted)
        {
            _highest = reply.State;
        }

        if (!quorums.KnowAll(_granted.Values.Count(static granted => granted.IsProven), _granted.Count))
        {
            return RegisterStep.Wait.Instance;
        }

        try
        {
            return Complete(message);
        }
        catch (Exception exception)
        {
            Abandon();
            return new RegisterStep.Failed(exception);
        }
    }

    /// <summary>Gives the change up: no majority answers. If its accept was sent, it may still happen.</summary>
    public void Abandon()
    {
        _change = null;
        _message = null;
        _promised = Ballot.None;
    }

    private RegisterStep Complete(RegisterMessage message)
    {
        if (message is RegisterMessage.Accept accept)
        {
            (_promised, _value) = (accept.Next, accept.Value);
            (_change, _message) = (null, null);
            return new RegisterStep.Done(accept.Value, _isChange);
        }

        var ballot = ((RegisterMessage.Prepare)message).Ballot;
        var present = _highest.Value;
        if (Changed(present) is { } value)
        {
            return new RegisterStep.Send(Accept(ballot, value, isChange: true));
        }

        if (_granted.Values.Any(granted => granted.Accepted != _highest.Accepted))
        {
            // Somebody's accept reached a few, and may never be finished: then it would be in the way of every change that it makes void.
            return new RegisterStep.Send(Accept(ballot, present, isChange: false));
        }

        Abandon();
        return new RegisterStep.Done(present, Changed: false);
    }

    /// <summary>An empty value would erase the register; and C# makes one of the null in <c>applies ? bytes : null</c>, by way of a null array.</summary>
    private ReadOnlyMemory<byte>? Changed(ReadOnlyMemory<byte> present) =>
        _change!(present) is { IsEmpty: false } value ? value : default(ReadOnlyMemory<byte>?);

    private RegisterMessage.Accept Accept(Ballot ballot, ReadOnlyMemory<byte> value, bool isChange)
    {
        _isChange = isChange;
        _promised = Ballot.None;
        _counter = Math.Max(_counter, ballot.Counter) + 1;
        return Open(new RegisterMessage.Accept(ballot, value, new(_counter, self, boot)));
    }

    private T Open<T>(T message)
        where T : RegisterMessage
    {
        _granted.Clear();
        _highest = AcceptorState.Empty;
        _message = message;
        return message;
    }
}
