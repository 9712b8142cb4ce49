using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Protocol.Types;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Runtime.Failover;

/// <summary>
/// The shell around <see cref="TypeRecording"/>: each silo proposes for itself, to the acceptors that every region's control plane has for any register. So it
/// needs nothing of a region's control plane that one of an earlier version does not have, and a region can be upgraded silo by silo.
/// </summary>
/// <param name="links">To the other regions.</param>
/// <param name="self">This region.</param>
/// <param name="map">The world's.</param>
/// <param name="clock">Monotonic time.</param>
/// <param name="askOwn">Asks the own region's acceptor; null: it does not vote.</param>
internal sealed class TypesRegister(IRegionLinks links, RegionId self, ShardMap map, LeaseClock clock, Func<RegisterMessage, Task<RegisterReply>>? askOwn)
{
    /// <summary>Records what is not recorded, and gives what the register then holds. Waits for a majority of regions for as long as that takes.</summary>
    /// <exception cref="FormatException">The register is damaged, or of a newer version.</exception>
    public async Task<RecordedTypes> RecordAsync(IReadOnlyCollection<TypeChoices> declared, CancellationToken cancellationToken)
    {
        var config = new ControlConfig { Self = self, Map = map, Boot = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) };
        var attempt = new Attempt(this, new(config, declared, clock.Now));
        return await attempt.RunAsync(cancellationToken);
    }

    /// <summary>One proposer, and the replies that come to it.</summary>
    private sealed class Attempt(TypesRegister register, TypeRecording recording)
    {
        private readonly Lock _lock = new();
        private readonly Signal _news = new();

        public async Task<RecordedTypes> RunAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                if (Step(out var messages, out var pause) is { } decided)
                {
                    return decided;
                }

                foreach (var message in messages)
                {
                    Send(message);
                }

                if (messages.Count == 0 && pause > TimeSpan.Zero)
                {
                    await _news.WaitAsync(pause, cancellationToken);
                }

                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        private RecordedTypes? Step(out IReadOnlyList<RegisterMessage> messages, out TimeSpan pause)
        {
            lock (_lock)
            {
                if (recording.Failure is { } failure)
                {
                    ExceptionDispatchInfo.Throw(failure);
                }

                recording.Tick(register.Now);
                messages = recording.TakeMessages();
                pause = recording.Due is { } due ? due - register.Now : TimeSpan.Zero;
                return recording.Decided;
            }
        }

        private void Send(RegisterMessage message)
        {
            // Not awaited: an acceptor that does not answer is asked again when the attempt's time is up.
            if (register.AskOwn is { } askOwn)
            {
                _ = AskAsync(register.Self, message, () => askOwn(message));
            }

            foreach (var link in register.Links.All)
            {
                if (link.TryGetChannel(out var channel))
                {
                    _ = AskAsync(link.Peer, message, async () =>
                        (await channel.Grains.GetGrain<IControlGrain>(0).Take(RegisterNames.Types, RegisterMessageWire.From(message))).ToReply());
                }
            }
        }

        private async Task AskAsync(RegionId region, RegisterMessage message, Func<Task<RegisterReply>> ask)
        {
            try
            {
                var reply = await ask();
                lock (_lock)
                {
                    recording.Received(region, message, reply, register.Now);
                }
            }
            catch (Exception)
            {
                // It does not vote now, or the link was cut.
            }

            _news.Set();
        }
    }

    private IRegionLinks Links => links;

    private RegionId Self => self;

    private TimeSpan Now => clock.Now;

    private Func<RegisterMessage, Task<RegisterReply>>? AskOwn => askOwn;
}
