package dev.parley.feature.numbers;

import com.google.i18n.phonenumbers.PhoneNumberUtil;

/** What numbers of a country begin with. */
final class CallingCodes {
  private CallingCodes() {}

  /** {@code +1} for US; {@code +} alone for a country that has no code. */
  static String prefix(String country) {
    var code = PhoneNumberUtil.getInstance().getCountryCodeForRegion(country);
    return code == 0 ? "+" : "+" + code;
  }
}
