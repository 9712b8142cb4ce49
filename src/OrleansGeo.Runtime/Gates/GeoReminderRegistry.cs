using System.Text;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Timers;
using OrleansGeo.Runtime.Reminders;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Reminders of geo grains are records of their shard and fire at its home; those of other grains are Orleans' own.</summary>
internal sealed class GeoReminderRegistry(IReminderRegistry others, GeoActivations activations, GeoGrainPolicies policies, IOptions<ReminderOptions> options) : IReminderRegistry
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        RegisterOrUpdateReminder(callingGrainId, reminderName, dueTime, period, CancellationToken.None);

    public async Task<IGrainReminder> RegisterOrUpdateReminder(
        GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period, CancellationToken cancellationToken)
    {
        if (Find(callingGrainId) is not { } activation)
        {
            return await others.RegisterOrUpdateReminder(callingGrainId, reminderName, dueTime, period, cancellationToken);
        }

        RefuseTimes(reminderName, dueTime, period);
        RefuseName(reminderName);
        return await activation.Reminders.RegisterReminderAsync(reminderName, dueTime, period);
    }

    public Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder) => UnregisterReminder(callingGrainId, reminder, CancellationToken.None);

    public Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder, CancellationToken cancellationToken)
    {
        if (Find(callingGrainId) is not { } activation)
        {
            return others.UnregisterReminder(callingGrainId, reminder, cancellationToken);
        }

        ArgumentNullException.ThrowIfNull(reminder);
        return reminder is GeoReminder own
            ? activation.Reminders.UnregisterReminderAsync(own)
            : throw new ArgumentException($"'{reminder.ReminderName}' is not a reminder of a geo grain: pass what RegisterOrUpdateReminder or GetReminder gave.", nameof(reminder));
    }

    public Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) => GetReminder(callingGrainId, reminderName, CancellationToken.None);

    public async Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName, CancellationToken cancellationToken)
    {
        if (Find(callingGrainId) is not { } activation)
        {
            return await others.GetReminder(callingGrainId, reminderName, cancellationToken);
        }

        RefuseName(reminderName);
        return (await activation.Reminders.GetRemindersAsync()).Find(reminder => reminder.ReminderName == reminderName);
    }

    public Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) => GetReminders(callingGrainId, CancellationToken.None);

    public Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId, CancellationToken cancellationToken) =>
        Find(callingGrainId) is { } activation ? activation.Reminders.GetRemindersAsync() : others.GetReminders(callingGrainId, cancellationToken);

    /// <summary>The geo activation that asks; null for another grain.</summary>
    private GeoActivation? Find(GrainId grain) =>
        activations.Current is { } current && current.GrainId == grain ? current
        : !policies.TryGet(grain.Type, out _) ? null
        : throw new InvalidOperationException($"The reminders of {grain}, a geo grain, are its own: call this from one of its methods.");

    /// <summary>As Orleans does.</summary>
    private void RefuseTimes(string name, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(dueTime), dueTime, $"Reminder '{name}' must fall due now or later, not at a negative or infinite time.");
        }

        if (period <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(period), period, $"The period of reminder '{name}' must be above zero, and not infinite.");
        }

        if (period < options.Value.MinimumReminderPeriod)
        {
            throw new ArgumentException(
                $"The period {period} of reminder '{name}' is below {options.Value.MinimumReminderPeriod} ({nameof(ReminderOptions)}.{nameof(ReminderOptions.MinimumReminderPeriod)}).", nameof(period));
        }
    }

    /// <summary>A name that no store could hold would meet another one there.</summary>
    private void RefuseName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var bytes = Strict.GetByteCount(name);
        if (bytes > activations.Limits.KeyBytes)
        {
            throw new ArgumentException($"The reminder's name has {bytes} bytes; the limit is {activations.Limits.KeyBytes} ({nameof(Configuration.GeoLimits.KeyBytes)}).", nameof(name));
        }
    }
}
