using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansGeo.Runtime.Configuration;

/// <summary>A period that the host would cut short is refused when it starts, not noticed when it stops.</summary>
internal sealed class ShutdownOptionsValidator(IOptions<HostOptions> host) : IValidateOptions<ShutdownOptions>
{
    public ValidateOptionsResult Validate(string? name, ShutdownOptions options)
    {
        var (drain, all) = (options.DrainPeriod, host.Value.ShutdownTimeout);
        if (drain < TimeSpan.Zero)
        {
            return ValidateOptionsResult.Fail($"{nameof(ShutdownOptions)}.{nameof(options.DrainPeriod)} is {drain}: use a time that is not negative.");
        }

        return drain > TimeSpan.Zero && all != Timeout.InfiniteTimeSpan && all <= drain
            ? ValidateOptionsResult.Fail(
                $"{nameof(ShutdownOptions)}.{nameof(options.DrainPeriod)} is {drain}, but the host gives up stopping after {all} ({nameof(HostOptions)}.{nameof(HostOptions.ShutdownTimeout)}), which leaves no time to stop in after the hand-over: raise the host's time above it, or lower the period; 0 is for no hand-over.")
            : ValidateOptionsResult.Success;
    }
}
