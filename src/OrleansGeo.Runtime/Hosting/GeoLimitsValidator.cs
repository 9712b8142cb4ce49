using Microsoft.Extensions.Options;
using OrleansGeo.Abstractions.Sessions;

namespace OrleansGeo.Runtime.Hosting;

/// <summary>Refuses limits that would break a promise.</summary>
internal sealed class GeoLimitsValidator : IValidateOptions<GeoLimits>
{
    /// <summary>What the last attempt may take beyond the deadline before its home notes it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, GeoLimits options)
    {
        var least = GeoCallOptions.LongestDeadline + Margin;
        return options.DeduplicationWindow >= least
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{nameof(GeoLimits.DeduplicationWindow)} is {options.DeduplicationWindow}: use at least {least}. A call may be repeated for {GeoCallOptions.LongestDeadline}, and a home that forgot it before would run it twice.");
    }
}
