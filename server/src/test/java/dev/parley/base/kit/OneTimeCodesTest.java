package dev.parley.base.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OneTimeCodesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Your verification code is 482913. It expires in 10 minutes. | 482913",
        "482913 is your Contoso verification code | 482913",
        "G-482913 is your Google verification code. | 482913",
        "Your code: 482-913. Do not share it. | 482913",
        "Use PIN 4829 to open the locker | 4829",
        "OTP for the transaction of Rs 1,500.00 at card ending 9876 is 482913, valid for 300 seconds | 482913",
        "Contoso: 04821 is your one-time password. Call 1-800-555-0100 if you did not ask. | 04821",
        "Your login code is AB12CD | AB12CD",
        "Ihr Bestätigungscode lautet 482913 und gilt 15 Minuten. | 482913",
        "Ihre mTAN für 1.250,00 EUR an DE..1234: 482913 | 482913",
        "Votre code de vérification est le 482 913. Valable 10 min. | 482913",
        "Tu código de verificación es 482913 | 482913",
        "O seu código de acesso é 482913. | 482913",
        "Il tuo codice di verifica è 482913 | 482913",
        "Je verificatiecode is 4829 | 4829",
        "Twój kod weryfikacyjny to 482913 | 482913",
        "Váš ověřovací kód: 482913 | 482913",
        "Din kod är 482913 | 482913",
        "Vahvistuskoodisi on 482913 | 482913",
        "Doğrulama kodunuz: 482913 | 482913",
        "Ваш код подтверждения: 482913. Никому не говорите | 482913",
        "Ваш код підтвердження 482913 | 482913",
        "Ο κωδικός σας είναι 482913 | 482913",
        "رمز التحقق الخاص بك هو ٤٨٢٩١٣ | 482913",
        "קוד האימות שלך הוא 482913 | 482913",
        "आपका ओटीपी 482913 है | 482913",
        "【Contoso】您的验证码是482913，5分钟内有效。 | 482913",
        "您的驗證碼為 482913 | 482913",
        "認証コードは482913です。 | 482913",
        "[Contoso] 인증번호 [482913]를 입력해 주세요. | 482913",
        "รหัส OTP ของคุณคือ 482913 | 482913",
        "Mã xác minh của bạn là 482913 | 482913",
        "Kode verifikasi Anda adalah 482913 | 482913",
        "In 2026 your security code changes to 4829 | 4829",
      })
  void findsTheCode(String text, String code) {
    assertEquals(Optional.of(code), OneTimeCodes.find(text).code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Hello, how are you?",
        "Your order 48291 has shipped and arrives on 2026-11-26.",
        "You paid $4829 on 26/11/2026 at 10:15.",
        "Call +14255550123 or 425 555 0123 now.",
        "Use promo code SAVE20 before Monday.",
        "Track it: https://example.com/track/48291377",
        "Reply STOP to end, HELP for help.",
      })
  void seesNoCodeWhereThereIsNone(String text) {
    assertEquals(Optional.empty(), OneTimeCodes.find(text).code());
  }

  @Test
  void aCodeMayHaveALineForItself() {
    var mail = "Hello Ann,\n\nenter this to go on:\n\n   482913  \n\nIt works for 15 minutes.\n";
    assertEquals(Optional.of("482913"), OneTimeCodes.find(mail).code());
  }

  @Test
  void theDomainBoundLineWins() {
    var text = "Your ticket code 1111 is unrelated.\n\n@example.com #482913";
    assertEquals(Optional.of("482913"), OneTimeCodes.find(text).code());
  }

  @Test
  void theLinkThatSpeaksOfItsPurposeIsMeant() {
    var found =
        OneTimeCodes.find(
            "See https://example.com/. Then <a href=\"https://example.com/verify?t=1&amp;u=2\">confirm</a>.");
    assertEquals(Optional.of("https://example.com/verify?t=1&u=2"), found.link());
    assertEquals(
        List.of("https://example.com/", "https://example.com/verify?t=1&u=2"), found.links());
    assertEquals(Optional.empty(), found.code());
  }

  @Test
  void hostileTextsTakeLittleTime() {
    for (var piece :
        List.of("1", "1 ", "code", "code 1234 ", "A1", "https://", "-", "@a #", "\n")) {
      var text = piece.repeat(1_000_000 / piece.length());
      var found =
          assertTimeoutPreemptively(Duration.ofSeconds(5), () -> OneTimeCodes.find(text), piece);
      assertTrue(found.links().size() <= 20);
    }
  }
}
